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

    /// @dev One slot an accessor, with room for the strikes that refusals will count as.
    struct Accessor {
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
    mapping(address accessor => Accessor) private _accessors;
    mapping(address accessor => mapping(uint256 place => bytes32 openingId)) private _openings;

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

        uint32 number = _accessors[msg.sender].openings;
        RecordId[] memory opened = new RecordId[](size);
        for (uint256 i = 0; i < size; ++i) {
            if (_log(recordIds[i], purpose, keyHash, number)) opened[permitted++] = recordIds[i];
        }
        if (permitted == 0) return 0;

        // The array is cut to the records that were permitted: they alone are committed to.
        assembly ("memory-safe") {
            mstore(opened, permitted)
        }
        _accessors[msg.sender].openings = number + 1;
        _openings[msg.sender][number % RING] = _openingId(
            Opening({
                accessor: msg.sender,
                number: number,
                purpose: purpose,
                openedAt: uint48(block.timestamp),
                keyHash: keyHash,
                recordIds: opened
            })
        );
    }

    /// @inheritdoc IAccessLog
    function standingOpening(Opening calldata opening) external view returns (bytes32 openingId) {
        openingId = _openingId(opening);
        if (_openings[opening.accessor][opening.number % RING] != openingId) return 0;
    }

    /// @inheritdoc IAccessLog
    function headOf(address patient) external view returns (bytes28 head, uint32 count) {
        Head storage stored = _heads[patient];
        return (stored.head, stored.count);
    }

    /// @inheritdoc IAccessLog
    function openingsOf(address accessor) external view returns (uint32 count) {
        return _accessors[accessor].openings;
    }

    /// @inheritdoc IAccessLog
    function openingIdOf(Opening calldata opening) external pure returns (bytes32 openingId) {
        return _openingId(opening);
    }

    function _log(RecordId recordId, Purpose purpose, bytes32 keyHash, uint32 number) private returns (bool) {
        (Decision decision, address patient) = CONSENTS.decide(msg.sender, recordId, purpose);
        Head memory last = _heads[patient];
        uint32 sequence = last.count + 1;
        uint48 openedAt = uint48(block.timestamp);

        _heads[patient] = Head({
            head: bytes28(
                keccak256(
                    abi.encodePacked(last.head, sequence, recordId, msg.sender, purpose, decision, openedAt, keyHash)
                )
            ),
            count: sequence
        });

        if (decision == Decision.Permit) {
            emit RecordOpened(patient, msg.sender, recordId, sequence, purpose, openedAt, keyHash, number);
            return true;
        }
        emit OpenRefused(patient, msg.sender, recordId, sequence, purpose, openedAt, keyHash, decision);
        return false;
    }

    function _openingId(Opening memory opening) private pure returns (bytes32) {
        return keccak256(abi.encode(opening));
    }
}
