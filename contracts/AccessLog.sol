// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

import {ConsentRegistry} from "./ConsentRegistry.sol";
import {ParticipantRegistry} from "./ParticipantRegistry.sol";
import {IAccessLog} from "./interfaces/IAccessLog.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {Decision, Opening, Purpose, RecordId} from "./types/Types.sol";

/// @title AccessLog
/// @notice See `IAccessLog`, which is the manual.
contract AccessLog is IAccessLog, ERC2771Context {
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

    /// @dev One slot an accessor, written on refusals alone: who is permitted pays nothing for strikes.
    struct Strikes {
        uint48 since;
        uint32 count;
    }

    /// @notice How many records one call may open.
    uint256 public constant MAX_BATCH = 256;

    /// @notice How many openings of one accessor stand at the same time. Keepers answer within an hour and clients
    /// ask at once; a ring makes the steady state an update instead of a new slot.
    uint32 public constant RING = 8;

    /// @notice With this many strikes in a window a provider is suspended.
    uint32 public constant STRIKE_LIMIT = 8;

    /// @notice How long strikes count, from the first one on, in seconds.
    uint256 public constant STRIKE_WINDOW = 1 days;

    /// @notice Who is who. Made here, because the registry and the log need each other's address for good.
    IParticipantRegistry public immutable PARTICIPANTS;

    /// @notice Who may read what.
    IConsentRegistry public immutable CONSENTS;

    mapping(address patient => Head) private _heads;
    mapping(address accessor => mapping(uint256 place => Place)) private _rings;
    mapping(address accessor => Strikes) private _strikes;

    /// @param authority The AccessManager that grants roles.
    /// @param forwarder Relays signed requests (ERC-2771).
    constructor(IAccessManager authority, address forwarder) ERC2771Context(forwarder) {
        PARTICIPANTS = new ParticipantRegistry(authority, address(this), forwarder);
        CONSENTS = new ConsentRegistry(PARTICIPANTS, forwarder);
    }

    /// @inheritdoc IAccessLog
    function openRecords(RecordId[] calldata recordIds, Purpose purpose, bytes32 keyHash)
        external
        returns (uint256 permitted)
    {
        uint256 size = recordIds.length;
        if (size == 0 || size > MAX_BATCH) revert BatchSizeInvalid(size, MAX_BATCH);
        if (keyHash == 0) revert KeyHashMissing();

        address accessor = _msgSender();
        Opening memory opening = Opening({
            accessor: accessor,
            number: _rings[accessor][0].openings,
            purpose: purpose,
            openedAt: uint48(block.timestamp),
            keyHash: keyHash,
            recordIds: new RecordId[](size)
        });
        (Decision[] memory decisions, address[] memory patients, uint256 strikes) =
            CONSENTS.decideAll(accessor, recordIds, purpose);
        for (uint256 i = 0; i < size; ++i) {
            _log(opening, recordIds[i], decisions[i], patients[i]);
            if (decisions[i] == Decision.Permit) opening.recordIds[permitted++] = recordIds[i];
        }
        if (strikes != 0) _strike(accessor, strikes);
        if (permitted == 0) return 0;

        // The array is cut to the records that were permitted: they alone are committed to.
        RecordId[] memory opened = opening.recordIds;
        assembly ("memory-safe") {
            mstore(opened, permitted)
        }
        _commit(_rings[accessor], opening.number, bytes28(_openingId(opening)));
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
    function strikesOf(address accessor) external view returns (uint32 count, uint48 since) {
        Strikes memory strikes = _strikes[accessor];
        if (block.timestamp < strikes.since + STRIKE_WINDOW) return (strikes.count, strikes.since);
    }

    /// @inheritdoc IAccessLog
    function openingIdOf(Opening calldata opening) external pure returns (bytes32 openingId) {
        return _openingId(opening);
    }

    function _log(Opening memory opening, RecordId recordId, Decision decision, address patient) private {
        if (_isStranger(decision)) revert NotParticipant(opening.accessor);
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

    function _commit(mapping(uint256 place => Place) storage ring, uint32 number, bytes28 openingId) private {
        uint256 place = number % RING;
        if (place == 0) {
            ring[0] = Place({openingId: openingId, openings: number + 1});
        } else {
            ring[0].openings = number + 1;
            ring[place] = Place({openingId: openingId, openings: 0});
        }
    }

    function _strike(address accessor, uint256 strikes) private {
        Strikes memory counted = _strikes[accessor];
        if (block.timestamp >= counted.since + STRIKE_WINDOW) {
            counted = Strikes({since: uint48(block.timestamp), count: 0});
        }
        counted.count += uint32(strikes);
        if (counted.count < STRIKE_LIMIT) {
            _strikes[accessor] = counted;
        } else {
            delete _strikes[accessor];
            PARTICIPANTS.suspendForStrikes(accessor);
        }
    }

    /// @dev Only the record's patient, and providers that count, write to the log: so nobody else can fill it.
    function _isStranger(Decision decision) private pure returns (bool) {
        return decision == Decision.AccessorUnknown || decision == Decision.AccessorNotVerified
            || decision == Decision.AccessorSuspended || decision == Decision.AccessorExpired;
    }

    function _openingId(Opening memory opening) private pure returns (bytes32) {
        return keccak256(abi.encode(opening));
    }
}
