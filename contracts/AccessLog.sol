// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "./interfaces/IAccessLog.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {Decision, Opening, Purpose, RecordId} from "./types/Types.sol";

/// @title AccessLog
/// @notice See `IAccessLog`, which is the manual.
contract AccessLog is IAccessLog {
    /// @dev One slot a patient.
    struct Head {
        bytes28 head;
        uint32 count;
    }

    /// @dev One place in an accessor's ring, one slot. 224 bits of the opening's id leave 112 bits against an accessor
    /// who looks for two openings with one id. The first place also carries how many openings there were, so that a
    /// first opening takes one new slot and not two.
    struct Place {
        bytes28 openingId;
        uint32 openings;
    }

    /// @notice How many records one call may open.
    uint256 public constant MAX_BATCH = 256;

    /// @notice How many openings of one accessor stand at the same time. Keepers answer within an hour and clients
    /// ask at once; a ring makes the steady state an update instead of a new slot.
    uint32 public constant RING = 8;

    /// @notice Who is who.
    IParticipantRegistry public immutable PARTICIPANTS;

    /// @notice Who may read what.
    IConsentRegistry public immutable CONSENTS;

    mapping(address patient => Head) private _heads;
    mapping(address accessor => mapping(uint256 place => Place)) private _rings;

    /// @param participants Who is who.
    /// @param consents Who may read what.
    constructor(IParticipantRegistry participants, IConsentRegistry consents) {
        PARTICIPANTS = participants;
        CONSENTS = consents;
    }

    /// @inheritdoc IAccessLog
    function openRecords(RecordId[] calldata recordIds, Purpose purpose, bytes32 keyHash)
        external
        returns (uint256 permitted)
    {
        uint256 size = recordIds.length;
        if (size == 0 || size > MAX_BATCH) revert BatchSizeInvalid(size, MAX_BATCH);
        if (keyHash == 0) revert KeyHashMissing();
        if (!PARTICIPANTS.isVerified(msg.sender) && PARTICIPANTS.patientOf(msg.sender) == address(0)) {
            revert NotParticipant(msg.sender);
        }

        Opening memory opening = Opening({
            accessor: msg.sender,
            number: _rings[msg.sender][0].openings,
            purpose: purpose,
            openedAt: uint48(block.timestamp),
            keyHash: keyHash,
            recordIds: new RecordId[](size)
        });
        (Decision[] memory decisions, address[] memory patients) = CONSENTS.decideAll(msg.sender, recordIds, purpose);
        for (uint256 i = 0; i < size; ++i) {
            _log(opening, recordIds[i], decisions[i], patients[i]);
            if (decisions[i] == Decision.Permit) opening.recordIds[permitted++] = recordIds[i];
        }
        if (permitted == 0) return 0;

        // The array is cut to the records that were permitted: they alone are committed to.
        RecordId[] memory opened = opening.recordIds;
        assembly ("memory-safe") {
            mstore(opened, permitted)
        }
        _rings[msg.sender][0].openings = opening.number + 1;
        _rings[msg.sender][opening.number % RING].openingId = bytes28(_openingId(opening));
    }

    /// @inheritdoc IAccessLog
    function standingOpening(Opening calldata opening) external view returns (bytes32 openingId) {
        openingId = _openingId(opening);
        if (_rings[opening.accessor][opening.number % RING].openingId != bytes28(openingId)) return 0;
    }

    /// @inheritdoc IAccessLog
    function headOf(address patient) external view returns (bytes28 head, uint32 count) {
        Head storage stored = _heads[patient];
        return (stored.head, stored.count);
    }

    /// @inheritdoc IAccessLog
    function openingsOf(address accessor) external view returns (uint32 count) {
        return _rings[accessor][0].openings;
    }

    /// @inheritdoc IAccessLog
    function openingIdOf(Opening calldata opening) external pure returns (bytes32 openingId) {
        return _openingId(opening);
    }

    function _log(Opening memory opening, RecordId recordId, Decision decision, address patient) private {
        Head memory last = _heads[patient];
        uint32 sequence = last.count + 1;
        bytes32 entry = keccak256(
            abi.encodePacked(
                last.head,
                sequence,
                recordId,
                opening.accessor,
                opening.purpose,
                decision,
                opening.openedAt,
                opening.keyHash
            )
        );

        _heads[patient] = Head({head: bytes28(entry), count: sequence});

        if (decision == Decision.Permit) {
            emit RecordOpened(
                patient,
                opening.accessor,
                recordId,
                sequence,
                opening.purpose,
                opening.openedAt,
                opening.keyHash,
                opening.number
            );
        } else {
            emit OpenRefused(
                patient,
                opening.accessor,
                recordId,
                sequence,
                opening.purpose,
                opening.openedAt,
                opening.keyHash,
                decision
            );
        }
    }

    function _openingId(Opening memory opening) private pure returns (bytes32) {
        return keccak256(abi.encode(opening));
    }
}
