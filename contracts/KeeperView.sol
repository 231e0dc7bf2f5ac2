// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "./interfaces/IAccessLog.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IKeeperView} from "./interfaces/IKeeperView.sol";
import {IRecordIndex} from "./interfaces/IRecordIndex.sol";
import {Opening, RecordId} from "./types/Types.sol";

/// @title KeeperView
/// @notice See `IKeeperView`, which is the manual.
contract KeeperView is IKeeperView {
    /// @notice Who has read.
    IAccessLog public immutable LOG;

    /// @notice Who may read what.
    IConsentRegistry public immutable CONSENTS;

    /// @notice Which records exist.
    IRecordIndex public immutable RECORDS;

    /// @param log Who has read.
    /// @param consents Who may read what.
    /// @param records Which records exist.
    constructor(IAccessLog log, IConsentRegistry consents, IRecordIndex records) {
        LOG = log;
        CONSENTS = consents;
        RECORDS = records;
    }

    /// @inheritdoc IKeeperView
    function releaseState(Opening calldata opening)
        external
        view
        returns (bytes32 openingId, RecordState[] memory records)
    {
        openingId = LOG.standingOpening(opening);
        uint256 size = opening.recordIds.length;
        records = new RecordState[](size);
        for (uint256 i = 0; i < size; ++i) {
            RecordId recordId = opening.recordIds[i];
            RecordState memory state = records[i];
            (state.decision, state.patient) = CONSENTS.decide(opening.accessor, recordId, opening.purpose);
            state.author = RECORDS.authorOf(recordId);
            state.envelopeDigest = RECORDS.envelopeOf(recordId);
        }
    }
}
