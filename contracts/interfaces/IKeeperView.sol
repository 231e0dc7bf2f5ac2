// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Decision, Opening} from "../types/Types.sol";

/// @title What a keeper asks
/// @notice Everything a keeper needs to know before it releases shares, in one call at one block. Holds no state
/// and decides nothing itself.
interface IKeeperView {
    /// @notice What the chain says of one record of an opening.
    /// @param decision The decision for the opening's accessor and purpose.
    /// @param patient Whose record; zero for none.
    /// @param author Who wrote it; zero for none.
    /// @param envelopeDigest SHA-256 of the current envelope; zero for none.
    struct RecordState {
        Decision decision;
        address patient;
        address author;
        bytes32 envelopeDigest;
    }

    /// @notice Asks for one opening.
    /// @param opening The opening as the accessor presents it.
    /// @return openingId Its id if it stands on the log; zero if not.
    /// @return records A state for each of its records, in order.
    function releaseState(Opening calldata opening)
        external
        view
        returns (bytes32 openingId, RecordState[] memory records);
}
