// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CompartmentSet, Purpose, PurposeSet} from "../types/Types.sol";

/// @title Sets
/// @notice Membership in the bit sets of a consent.
library Sets {
    /// @notice The last compartment's number.
    uint8 internal constant LAST_COMPARTMENT = 63;

    /// @notice Every purpose there is.
    uint16 internal constant ALL_PURPOSES = uint16((1 << (uint8(type(Purpose).max) + 1)) - 1);

    /// @notice Whether `compartment` (0..63) is in `set`; a number beyond 63 is in no set.
    /// @param set The set.
    /// @param compartment The compartment's number.
    /// @return Whether it is in the set.
    function has(CompartmentSet set, uint8 compartment) internal pure returns (bool) {
        return (uint256(CompartmentSet.unwrap(set)) >> compartment) & 1 == 1;
    }

    /// @notice Whether `purpose` is in `set`.
    /// @param set The set.
    /// @param purpose The purpose.
    /// @return Whether it is in the set.
    function has(PurposeSet set, Purpose purpose) internal pure returns (bool) {
        return (PurposeSet.unwrap(set) >> uint8(purpose)) & 1 == 1;
    }

    /// @notice Whether `set` is not empty and names known purposes only.
    /// @param set The set.
    /// @return Whether it is valid.
    function isValid(PurposeSet set) internal pure returns (bool) {
        uint16 bits = PurposeSet.unwrap(set);
        return bits != 0 && bits & ~ALL_PURPOSES == 0;
    }
}
