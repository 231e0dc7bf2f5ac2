// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "./interfaces/IAccessLog.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IKeeperView} from "./interfaces/IKeeperView.sol";
import {IRecordIndex} from "./interfaces/IRecordIndex.sol";
import {Ruling} from "./libraries/Ruling.sol";
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
        (Ruling[] memory rulings,) = CONSENTS.decideAll(opening.accessor, opening.recordIds, opening.purpose);
        for (uint256 i = 0; i < size; ++i) {
            RecordId recordId = opening.recordIds[i];
            records[i] = RecordState({
                decision: rulings[i].decision(),
                patient: rulings[i].patient(),
                author: RECORDS.authorOf(recordId),
                envelopeDigest: RECORDS.envelopeOf(recordId)
            });
        }
    }
}
