// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    Application,
    Enrolment,
    Provider,
    ProviderStatus,
    Role,
    Verification,
    Voucher
} from "../../../../contracts/types/Types.sol";
import {TypedData} from "../TypedData.sol";
import {Calls} from "./Calls.sol";

/// @notice Random calls on the registry of participants.
abstract contract ParticipantCalls is Calls {
    function registerPatient(uint256 who, uint256 pid, uint256 key) external {
        address caller = _actor(who);
        (bytes32 chosen, bytes32 publicKeyHash) = (bytes32(pid % 16), _hashOr(key));
        bytes memory call = abi.encodeCall(_at.participants.registerPatient, (AREA, chosen, publicKeyHash));
        if (_onParticipants(caller, call)) _registered(caller, chosen, publicKeyHash, "registerPatient");
    }

    /// @notice A manager enrols somebody who signed; now and then something else was signed than is passed.
    function enrolPatient(uint256 who, uint256 whom, uint256 pid, uint256 time, uint256 altered) external {
        address caller = _managerOr(who);
        Enrolment memory e = Enrolment(_actor(whom), AREA, bytes32(pid % 16), bytes32(time % 4), _within(time, 9 days));
        bytes32 digest = TypedData.digest(address(_at.participants), e);
        altered %= 8;
        if (altered == 0) e.deadline += 1;
        if (altered == 1) e.pid = bytes32(uint256(e.pid) + 1);
        address signer = altered == 2 ? _actor(whom / 2) : e.patient;
        bytes memory signature = _sign(_keyOf[signer], digest);
        if (!_onParticipants(caller, abi.encodeCall(_at.participants.enrolPatient, (e, signature)))) return;

        _must(caller == _manager && altered > 1 && e.deadline >= block.timestamp, "enrolPatient");
        _must(signer == e.patient, "enrolPatient: who signed");
        _registered(e.patient, e.pid, e.publicKeyHash, "enrolPatient: who");
    }

    function changePublicKey(uint256 who, uint256 key) external {
        (address caller, bytes32 publicKeyHash) = (_patient(who), _hashOr(key));
        if (!_onParticipants(caller, abi.encodeCall(_at.participants.changePublicKey, (publicKeyHash)))) return;

        _must(_isPatient[caller], "changePublicKey");
        _key[caller] = _stored(publicKeyHash);
    }

    function registerProvider(uint256 who, uint256 role) external {
        // Mostly for the first time: who applies anew counts no more.
        address caller = _actorIn(ProviderStatus.None, who);
        Application memory a = _application(caller, role);
        if (!_onParticipants(caller, abi.encodeCall(_at.participants.registerProvider, (a)))) return;

        _must(_provider[caller].status != ProviderStatus.Suspended && a.role != Role.None, "registerProvider");
        _provider[caller] = Provider(a.role, ProviderStatus.Applied, AREA, 0, a.organisation, false);
        _agreeOnAccessor(caller);
    }

    /// @notice Somebody uses a voucher; now and then not as it was signed, or another's.
    function registerVerifiedProvider(uint256 who, uint256 role, uint256 time, uint256 altered) external {
        address caller = _actorIn(ProviderStatus.None, who);
        Voucher memory v =
            Voucher(_manager, _application(caller, role), _within(time, 300 days), _within(time >> 64, 9 days));
        altered %= 8;
        address signedFor = altered == 0 ? _actor(who / 2) : caller;
        bytes32 digest = TypedData.digest(address(_at.participants), signedFor, v);
        if (altered == 1) v.expiresAt += 1;
        uint256 key = altered == 2 ? _keyOf[caller] : _managerKey;
        bytes memory call = abi.encodeCall(_at.participants.registerVerifiedProvider, (v, _sign(key, digest)));
        if (!_onParticipants(caller, call)) return;

        _must((altered > 2 || signedFor == caller) && altered != 1 && altered != 2, "registerVerifiedProvider");
        _must(_provider[caller].status == ProviderStatus.None, "registerVerifiedProvider: twice");
        _must(v.deadline >= block.timestamp && v.expiresAt > block.timestamp, "registerVerifiedProvider: too late");
        _provider[caller] =
            Provider(v.application.role, ProviderStatus.Verified, AREA, v.expiresAt, v.application.organisation, false);
    }

    function verifyProvider(uint256 who, uint256 whom, uint256 role, uint256 time) external {
        (address caller, Verification memory v) = (_managerOr(who), _verification(whom, role, time));
        bytes memory call = abi.encodeCall(_at.participants.verifyProvider, (v.provider, v.application, v.expiresAt));
        if (_onParticipants(caller, call)) _verified(caller, v);
    }

    function verifyProviders(uint256 who, uint256 whom, uint256 role, uint256 time) external {
        address caller = _managerOr(who);
        Verification[] memory list = new Verification[](1 + time % 2);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = _verification(whom >> i, role, time);
        }
        if (!_onParticipants(caller, abi.encodeCall(_at.participants.verifyProviders, (list)))) return;

        for (uint256 i = 0; i < list.length; ++i) {
            _verified(caller, list[i]);
        }
    }

    function renewProvider(uint256 who, uint256 whom, uint256 time) external {
        (address caller, address account) = (_managerOr(who), _actorIn(ProviderStatus.Verified, whom));
        uint48 expiresAt = _within(time, 300 days);
        if (!_onParticipants(caller, abi.encodeCall(_at.participants.renewProvider, (account, expiresAt)))) return;

        _must(caller == _manager && _provider[account].status == ProviderStatus.Verified, "renewProvider");
        _must(expiresAt > block.timestamp, "renewProvider: in the past");
        _provider[account].expiresAt = expiresAt;
    }

    function suspendProvider(uint256 who, uint256 whom) external {
        // Rarely, or nobody would count for long.
        if (whom % 3 != 0) return;
        (address caller, address account) = (_managerOr(who), _actorIn(ProviderStatus.Verified, whom / 3));
        if (!_onParticipants(caller, abi.encodeCall(_at.participants.suspendProvider, (account)))) return;

        _must(caller == _manager && _provider[account].status == ProviderStatus.Verified, "suspendProvider");
        _provider[account].status = ProviderStatus.Suspended;
        _agreeOnAccessor(account);
    }

    function reinstateProvider(uint256 who, uint256 whom) external {
        (address caller, address account) = (_managerOr(who), _actorIn(ProviderStatus.Suspended, whom));
        if (!_onParticipants(caller, abi.encodeCall(_at.participants.reinstateProvider, (account)))) return;

        _must(caller == _manager && _provider[account].status == ProviderStatus.Suspended, "reinstateProvider");
        _provider[account].status = ProviderStatus.Verified;
    }

    function vouchForMembers(uint256 who, uint256 whom, uint256 size) external {
        (address caller, address[] memory members) = (_organisationOr(who), _members(whom, size));
        if (!_onParticipants(caller, abi.encodeCall(_at.participants.vouchForMembers, (members)))) return;

        _must(_counts(caller), "vouchForMembers");
        for (uint256 i = 0; i < members.length; ++i) {
            Provider storage p = _provider[members[i]];
            _must(p.status == ProviderStatus.Verified && p.organisation == caller, "vouchForMembers: both sides");
            p.vouched = true;
        }
    }

    function dropMembers(uint256 who, uint256 whom, uint256 size) external {
        (address caller, address[] memory members) = (_organisationOr(who), _members(whom, size));
        if (!_onParticipants(caller, abi.encodeCall(_at.participants.dropMembers, (members)))) return;

        for (uint256 i = 0; i < members.length; ++i) {
            Provider storage p = _provider[members[i]];
            _must(p.vouched && p.organisation == caller, "dropMembers");
            p.vouched = false;
            _agreeOnAccessor(members[i]);
        }
    }

    /// @dev None, what counts as none, or one of two hashes.
    function _hashOr(uint256 key) private pure returns (bytes32) {
        return key % 4 < 2 ? bytes32(key % 4) : bytes32(key % 4 << 200);
    }

    function _registered(address patient, bytes32 pid, bytes32 publicKeyHash, string memory name) private {
        _must(!_isPatient[patient] && pid != 0, name);
        _must(_at.participants.patientAt(AREA, pid) == patient, name);
        _isPatient[patient] = true;
        _key[patient] = _stored(publicKeyHash);
    }

    function _verification(uint256 whom, uint256 role, uint256 time) private view returns (Verification memory) {
        address account = _actorIn(ProviderStatus.Applied, whom);
        return Verification(account, _application(account, role), _within(time, 300 days));
    }

    function _verified(address caller, Verification memory v) private {
        Provider storage p = _provider[v.provider];
        _must(caller == _manager && p.status == ProviderStatus.Applied, "verifyProvider");
        _must(p.role == v.application.role && v.expiresAt > block.timestamp, "verifyProvider: what was read");
        (p.status, p.expiresAt) = (ProviderStatus.Verified, v.expiresAt);
    }

    /// @dev Mostly the lab, which is everybody's organisation.
    function _organisationOr(uint256 seed) private view returns (address) {
        return seed % 4 == 0 ? _actor(seed / 4) : _actors[3];
    }

    /// @dev Mostly the clinician, and now and then somebody else with it.
    function _members(uint256 seed, uint256 size) private view returns (address[] memory members) {
        members = new address[](size % 4 == 0 ? 2 : 1);
        members[0] = seed % 2 == 0 ? _actors[2] : _actor(seed / 2);
        if (members.length == 2) members[1] = _actor(seed / 16);
    }

    function _sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
