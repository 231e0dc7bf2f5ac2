// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CompartmentSet, Consent, PurposeSet, RecordId} from "../../../../contracts/types/Types.sol";
import {Calls} from "./Calls.sol";

/// @notice Random calls on the registry of consents.
abstract contract ConsentCalls is Calls {
    function requestConsent(uint256 who, uint256 whose, uint256 scope, uint256 time) external {
        (address caller, address patient, Consent memory c) = (_actor(who), _actor(whose), _anyConsent(scope, time));
        bytes memory call =
            abi.encodeCall(_at.consents.requestConsent, (patient, c.compartments, c.purposes, c.expiresAt, bytes32(0)));
        if (!_onConsents(caller, call)) return;

        c.startsAt = 0;
        _must(_counts(caller) && _isPatient[patient] && _isScope(c), "requestConsent");
    }

    function declineRequest(uint256 who, uint256 whom) external {
        address caller = _patient(who);
        if (!_onConsents(caller, abi.encodeCall(_at.consents.declineRequest, (_actor(whom))))) return;

        _must(_isPatient[caller], "declineRequest");
    }

    function grantConsent(uint256 who, uint256 whom, uint256 scope, uint256 time) external {
        (address caller, address accessor, Consent memory c) = (_patient(who), _actor(whom), _anyConsent(scope, time));
        if (!_onConsents(caller, abi.encodeCall(_at.consents.grantConsent, (accessor, c)))) return;

        _must(_isPatient[caller] && accessor != caller && _isScope(c), "grantConsent");
        _must(_consent[caller][accessor].expiresAt <= block.timestamp, "grantConsent: one stood");
        _consent[caller][accessor] = c;
        _given[caller][accessor] = true;
    }

    function amendConsent(uint256 who, uint256 whom, uint256 scope, uint256 time) external {
        (address caller, Consent memory c) = (_patient(who), _anyConsent(scope, time));
        address accessor = _holder(caller, whom);
        if (!_onConsents(caller, abi.encodeCall(_at.consents.amendConsent, (accessor, c)))) return;

        _must(_consent[caller][accessor].expiresAt > block.timestamp && _isScope(c), "amendConsent");
        _consent[caller][accessor] = c;
        _end(_pair(caller, accessor));
        _agreeOnAccessor(accessor);
    }

    function revokeConsent(uint256 who, uint256 whom) external {
        address caller = _patient(who);
        address accessor = _holder(caller, whom);
        if (!_onConsents(caller, abi.encodeCall(_at.consents.revokeConsent, (accessor)))) return;

        _must(_given[caller][accessor], "revokeConsent");
        delete _given[caller][accessor];
        delete _consent[caller][accessor];
        _end(_pair(caller, accessor));
        _agreeOnAccessor(accessor);
    }

    function revokeAll(uint256 who) external {
        // Rarely, or no consent would stand for long.
        if (who % 4 != 0) return;
        address caller = _patient(who / 4);
        if (!_onConsents(caller, abi.encodeCall(_at.consents.revokeAll, ()))) return;

        _must(_isPatient[caller], "revokeAll");
        _end(bytes32(uint256(uint160(caller))));
        for (uint256 i = 0; i < _actors.length; ++i) {
            delete _consent[caller][_actors[i]];
        }
        for (uint256 i = 0; i < _actors.length; ++i) {
            _agreeOnAccessor(_actors[i]);
        }
        // What is given in the same block would be in vain.
        vm.warp(block.timestamp + 1);
    }

    function restrictRecord(uint256 who, uint256 whom, uint256 which) external {
        (RecordId recordId, address accessor) = (recordAt(which), _actorOrNobody(whom));
        address caller = _ownerOr(who, recordId);
        if (!_onConsents(caller, abi.encodeCall(_at.consents.restrictRecord, (recordId, accessor)))) return;

        _must(_owns(caller, recordId), "restrictRecord");
        if (!_restricted[recordId][accessor]) _end(RecordId.unwrap(recordId));
        _restricted[recordId][accessor] = true;
        _agreeOnRecord(recordId);
    }

    function liftRestriction(uint256 who, uint256 whom, uint256 which) external {
        (RecordId recordId, address accessor) = (recordAt(which), _actorOrNobody(whom));
        address caller = _ownerOr(who, recordId);
        if (!_onConsents(caller, abi.encodeCall(_at.consents.liftRestriction, (recordId, accessor)))) return;

        _must(_owns(caller, recordId), "liftRestriction");
        _restricted[recordId][accessor] = false;
    }

    /// @notice To the very second at which a consent ends: there it permits no more.
    function warpToAnExpiry(uint256 who, uint256 whom) external {
        address patient = _patient(who);
        address accessor = _holder(patient, whom);
        uint48 expiresAt = _consent[patient][accessor].expiresAt;
        if (who % 2 == 0 || expiresAt <= block.timestamp) return;
        vm.warp(expiresAt);
        _agreeOnAccessor(accessor);
    }

    /// @dev Mostly somebody who holds a consent of the patient's.
    function _holder(address patient, uint256 seed) private view returns (address) {
        for (uint256 i = 0; seed % 8 != 0 && i < _actors.length; ++i) {
            if (_given[patient][_actor(seed / 8 + i)]) return _actor(seed / 8 + i);
        }
        return _actor(seed / 8);
    }

    function _isScope(Consent memory c) private view returns (bool) {
        uint16 purposes = PurposeSet.unwrap(c.purposes);
        return CompartmentSet.unwrap(c.compartments) != 0 && purposes != 0 && purposes < 0x200
            && c.expiresAt > block.timestamp && c.expiresAt > c.startsAt;
    }
}
