// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessLog} from "../../../../contracts/AccessLog.sol";
import {ConsentRegistry} from "../../../../contracts/ConsentRegistry.sol";
import {KeeperSet} from "../../../../contracts/KeeperSet.sol";
import {KeeperView} from "../../../../contracts/KeeperView.sol";
import {ParticipantRegistry} from "../../../../contracts/ParticipantRegistry.sol";
import {RecordIndex} from "../../../../contracts/RecordIndex.sol";
import {
    Application,
    CompartmentSet,
    Consent,
    Decision,
    ProviderStatus,
    Purpose,
    PurposeSet,
    RecordId,
    Role
} from "../../../../contracts/types/Types.sol";
import {Vm} from "../Vm.sol";
import {Model} from "./Model.sol";
import {Replay} from "./Replay.sol";

/// @notice All contracts as one campaign sees them.
struct Contracts {
    ParticipantRegistry participants;
    ConsentRegistry consents;
    RecordIndex records;
    AccessLog log;
    KeeperSet keepers;
    KeeperView keeperView;
}

/// @notice How every random call is made and counted, and what its random numbers stand for. Numbers lean towards what
/// can succeed, so that a campaign gets somewhere; what must fail is tried all the time too.
abstract contract Calls is Model {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint32 internal constant AREA = 41;
    uint256 internal constant RECORDS = 6;
    // Places beyond the records are such as nobody ever makes.
    uint256 internal constant PLACES = 8;

    Contracts internal _at;
    Replay public replay;
    uint256 internal _managerKey;
    address internal _manager;
    address internal _governor;
    mapping(address actor => uint256) internal _keyOf;

    /// @notice How often each function of the contracts was called, and how often it went through.
    mapping(bytes4 selector => uint256) public tried;
    mapping(bytes4 selector => uint256) public done;
    uint256 public triedInAll;
    uint256 public doneInAll;

    /// @dev Follows the events of a call that went through: they alone make the replay.
    function _call(address caller, address target, bytes memory data) internal returns (bool succeeded) {
        bytes4 selector = bytes4(data);
        vm.recordLogs();
        vm.prank(caller);
        (succeeded,) = target.call(data);
        // What a call that failed had emitted is among them too, though not on the chain.
        Vm.Log[] memory entries = vm.getRecordedLogs();
        ++tried[selector];
        ++triedInAll;
        if (!succeeded) return false;

        replay.follow(entries);
        ++done[selector];
        ++doneInAll;
    }

    function _onParticipants(address caller, bytes memory data) internal returns (bool) {
        return _call(caller, address(_at.participants), data);
    }

    function _onConsents(address caller, bytes memory data) internal returns (bool) {
        return _call(caller, address(_at.consents), data);
    }

    function _onRecords(address caller, bytes memory data) internal returns (bool) {
        return _call(caller, address(_at.records), data);
    }

    // P2: what ended a moment ago permits nothing any more, in this very block.

    function _agree(address accessor, RecordId recordId) internal {
        (Decision decision,) = _at.consents.decide(accessor, recordId, Purpose.Treatment);
        _must(decision == expectedDecision(accessor, recordId, Purpose.Treatment), "decide, in the same block");
    }

    function _agreeOnAccessor(address accessor) internal {
        for (uint256 i = 0; i < RECORDS; ++i) {
            _agree(accessor, recordAt(i));
        }
    }

    function _agreeOnRecord(RecordId recordId) internal {
        for (uint256 i = 0; i < _actors.length; ++i) {
            _agree(_actors[i], recordId);
        }
    }

    // What numbers stand for

    /// @notice Every id that a call may name, and so every record that can come to be.
    function recordAt(uint256 seed) public pure returns (RecordId) {
        return RecordId.wrap(keccak256(abi.encode("record", seed % PLACES)));
    }

    function _newId(uint256 seed) internal pure returns (RecordId) {
        return recordAt(seed % RECORDS);
    }

    function _actor(uint256 seed) internal view returns (address) {
        return _actors[seed % _actors.length];
    }

    function _actorOrNobody(uint256 seed) internal view returns (address) {
        uint256 place = seed % (_actors.length + 1);
        return place == _actors.length ? address(0) : _actors[place];
    }

    /// @dev Mostly somebody whose provider stands so.
    function _actorIn(ProviderStatus status, uint256 seed) internal view returns (address) {
        for (uint256 i = 0; seed % 8 != 0 && i < _actors.length; ++i) {
            if (_provider[_actor(seed / 8 + i)].status == status) return _actor(seed / 8 + i);
        }
        return _actor(seed / 8);
    }

    /// @dev Mostly a patient.
    function _patient(uint256 seed) internal view returns (address) {
        for (uint256 i = 0; seed % 8 != 0 && i < _actors.length; ++i) {
            if (_isPatient[_actor(seed / 8 + i)]) return _actor(seed / 8 + i);
        }
        return _actor(seed / 8);
    }

    /// @dev Mostly the manager: others are tried too, and must fail.
    function _managerOr(uint256 seed) internal view returns (address) {
        return seed % 8 == 0 ? _actor(seed / 8) : _manager;
    }

    /// @dev Mostly the record's patient: others are tried too, and must fail.
    function _ownerOr(uint256 seed, RecordId recordId) internal view returns (address) {
        address owner = _record[recordId].patient;
        return seed % 4 == 0 || owner == address(0) ? _actor(seed / 4) : owner;
    }

    /// @dev Clinicians name the fourth actor, the lab, as the organisation they belong to. Mostly what the account
    /// applied with.
    function _application(address account, uint256 seed) internal view returns (Application memory) {
        Role role = seed % 4 == 0 ? Role((seed / 4) % 3) : _provider[account].role;
        if (role == Role.None) role = Role(seed / 4 % 3);
        return Application(role, AREA, role == Role.Clinician ? _actors[3] : address(0), keccak256("credential"));
    }

    function _anyConsent(uint256 scope, uint256 time) internal view returns (Consent memory) {
        return Consent({
            compartments: CompartmentSet.wrap(uint64(scope)),
            purposes: PurposeSet.wrap(uint16(scope >> 64) & (scope >> 80 & 15 == 0 ? 0x3ff : 0x1ff)),
            startsAt: time % 3 == 0 ? _within(time >> 8, 8 days) : 0,
            expiresAt: _within(time >> 64, 8 days),
            mayWrite: (scope >> 128) & 1 == 1
        });
    }

    /// @dev Mostly a small number, of the kind that records lie in.
    function _compartment(uint256 seed) internal pure returns (uint8) {
        return uint8(seed % 66);
    }

    /// @dev The value one stands for none in storage; the interface says so.
    function _stored(bytes32 publicKeyHash) internal pure returns (bytes32) {
        return uint256(publicKeyHash) < 1 << 168 ? bytes32(0) : publicKeyHash;
    }

    /// @dev From a day ago to `reach` from now. Consents reach less far than verifications, so that they expire first
    /// and their expiry is seen.
    function _within(uint256 seed, uint256 reach) internal view returns (uint48) {
        return uint48(block.timestamp - 1 days + seed % (reach + 1 days));
    }

    function _ids(RecordId first, RecordId second, bool both) internal pure returns (RecordId[] memory ids) {
        ids = new RecordId[](both ? 2 : 1);
        ids[0] = first;
        if (both) ids[1] = second;
    }
}
