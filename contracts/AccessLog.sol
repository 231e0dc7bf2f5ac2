// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

import {ConsentRegistry} from "./ConsentRegistry.sol";
import {ParticipantRegistry} from "./ParticipantRegistry.sol";
import {IAccessLog} from "./interfaces/IAccessLog.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IEmergencyAccess} from "./interfaces/IEmergencyAccess.sol";
import {IGuardianship} from "./interfaces/IGuardianship.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {ISessionForwarder} from "./interfaces/ISessionForwarder.sol";
import {Ruling} from "./libraries/Ruling.sol";
import {Decision, Opening, Purpose, RecordId} from "./types/Types.sol";

/// @title AccessLog
/// @notice See `IAccessLog`, which is the manual.
contract AccessLog is IAccessLog, ERC2771Context {
    /// @dev One slot a patient.
    struct Head {
        bytes28 head;
        uint32 count;
    }

    /// @dev What stands at one of an accessor's places, one slot. 216 bits of the opening's id leave 108 bits against
    /// an accessor who looks for two openings with one id.
    struct Place {
        bytes27 openingId;
        uint40 openedAt;
    }

    /// @dev One slot an accessor, written on refusals alone: who is permitted pays nothing for strikes.
    struct Strikes {
        uint48 since;
        uint32 count;
    }

    /// @notice How many records one call may open.
    uint256 public constant MAX_BATCH = 256;

    /// @notice How long an opening keeps its place, in seconds: as long as keepers answer. Then the place is free for
    /// the accessor's next one, so that the steady state is one update and no new slot.
    uint256 public constant PLACE_HOLD = 1 hours;

    /// @notice With this many strikes in a window a provider is suspended.
    uint32 public constant STRIKE_LIMIT = 8;

    /// @notice How long strikes count, from the first one on, in seconds.
    uint256 public constant STRIKE_WINDOW = 1 days;

    uint256 private constant STRANGERS = (1 << uint8(Decision.AccessorUnknown))
        | (1 << uint8(Decision.AccessorNotVerified)) | (1 << uint8(Decision.AccessorSuspended))
        | (1 << uint8(Decision.AccessorExpired));

    /// @notice Who is who. Made here, because the registry and the log need each other's address for good.
    IParticipantRegistry public immutable PARTICIPANTS;

    /// @notice Who may read what.
    IConsentRegistry public immutable CONSENTS;

    mapping(address patient => Head) private _heads;
    mapping(address accessor => mapping(uint256 place => Place)) private _places;
    mapping(address accessor => Strikes) private _strikes;

    /// @param authority The AccessManager that grants roles.
    /// @param guardianship Who acts for patients; knows no other contracts yet.
    /// @param emergencies The emergencies; know no other contracts yet.
    /// @param forwarder Relays signed requests (ERC-2771) and knows no other log.
    constructor(
        IAccessManager authority,
        IGuardianship guardianship,
        IEmergencyAccess emergencies,
        ISessionForwarder forwarder
    ) ERC2771Context(address(forwarder)) {
        PARTICIPANTS = new ParticipantRegistry(
            authority, address(this), address(guardianship), address(emergencies), address(forwarder)
        );
        CONSENTS = new ConsentRegistry(PARTICIPANTS, guardianship, emergencies, address(forwarder));
        forwarder.bindLog();
        emergencies.bind(PARTICIPANTS);
        guardianship.bind(PARTICIPANTS, CONSENTS, emergencies);
    }

    /// @inheritdoc IAccessLog
    function openRecords(RecordId[] calldata recordIds, Purpose purpose, bytes32 keyHash, uint32 place)
        external
        returns (uint256 permitted)
    {
        uint256 size = recordIds.length;
        if (size == 0 || size > MAX_BATCH) revert BatchSizeInvalid(size, MAX_BATCH);
        if (keyHash == 0) revert KeyHashMissing();

        RecordId[] memory opened = new RecordId[](size);
        Opening memory opening = Opening({
            accessor: _msgSender(),
            place: place,
            purpose: purpose,
            openedAt: uint48(block.timestamp),
            keyHash: keyHash,
            recordIds: opened
        });
        (Ruling[] memory rulings, uint256 strikes) = CONSENTS.decideAll(opening.accessor, recordIds, purpose);
        for (uint256 i = 0; i < size; ++i) {
            Ruling ruling = rulings[i];
            _log(opening, recordIds[i], ruling);
            if (ruling.permits()) opened[permitted++] = recordIds[i];
        }
        if (strikes != 0) _strike(opening.accessor, strikes);
        if (permitted == 0) return 0;

        // The array is cut to the records that were permitted: they alone are committed to.
        assembly ("memory-safe") {
            mstore(opened, permitted)
        }
        _commit(opening);
    }

    /// @inheritdoc IAccessLog
    function standingOpening(Opening calldata opening) external view returns (bytes32 openingId) {
        openingId = _openingId(opening);
        if (_places[opening.accessor][opening.place].openingId != bytes27(openingId)) return 0;
    }

    /// @inheritdoc IAccessLog
    function headOf(address patient) external view returns (bytes28 head, uint32 count) {
        Head storage stored = _heads[patient];
        return (stored.head, stored.count);
    }

    /// @inheritdoc IAccessLog
    function placesOf(address accessor, uint32 first, uint32 count) external view returns (uint48[] memory freeAt) {
        if (count == 0 || count > MAX_BATCH) revert BatchSizeInvalid(count, MAX_BATCH);
        freeAt = new uint48[](count);
        for (uint256 i = 0; i < count; ++i) {
            freeAt[i] = _freeAt(_places[accessor][uint256(first) + i]);
        }
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

    function _log(Opening memory opening, RecordId recordId, Ruling ruling) private {
        Decision decision = ruling.decision();
        address patient = ruling.patient();
        if (_isStranger(decision)) revert NotParticipant(opening.accessor);
        Head storage log = _heads[patient];
        uint32 sequence = log.count + 1;
        bytes memory entry = abi.encodePacked(
            log.head, sequence, recordId, opening.accessor, opening.purpose, decision, opening.openedAt, opening.keyHash
        );
        if (ruling.isMarked()) entry = bytes.concat(entry, bytes1(uint8(ruling.ground())));

        (log.head, log.count) = (bytes28(keccak256(entry)), sequence);

        if (ruling.isMarked()) {
            _tellGround(opening, recordId, ruling, sequence);
        } else if (ruling.permits()) {
            emit RecordOpened(
                patient,
                opening.accessor,
                recordId,
                sequence,
                opening.purpose,
                opening.openedAt,
                opening.keyHash,
                opening.place
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

    function _tellGround(Opening memory opening, RecordId recordId, Ruling ruling, uint32 sequence) private {
        emit RecordOpenedOnGround(
            ruling.patient(),
            opening.accessor,
            recordId,
            sequence,
            opening.purpose,
            opening.openedAt,
            opening.keyHash,
            opening.place,
            ruling.ground()
        );
    }

    function _commit(Opening memory opening) private {
        Place storage place = _places[opening.accessor][opening.place];
        uint48 freeAt = _freeAt(place);
        if (block.timestamp < freeAt) revert PlaceTaken(opening.place, freeAt);
        (place.openingId, place.openedAt) = (bytes27(_openingId(opening)), uint40(opening.openedAt));
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

    function _freeAt(Place storage place) private view returns (uint48) {
        uint48 openedAt = place.openedAt;
        return openedAt == 0 ? 0 : openedAt + uint48(PLACE_HOLD);
    }

    /// @dev Only the record's patient, and providers that count, write to the log: so nobody else can fill it.
    function _isStranger(Decision decision) private pure returns (bool) {
        return (STRANGERS >> uint8(decision)) & 1 == 1;
    }

    function _openingId(Opening memory opening) private pure returns (bytes32) {
        return keccak256(abi.encode(opening));
    }
}
