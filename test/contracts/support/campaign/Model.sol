// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    CompartmentSet,
    Consent,
    Decision,
    Provider,
    ProviderStatus,
    Purpose,
    PurposeSet,
    RecordId,
    RecordStatus
} from "../../../../contracts/types/Types.sol";
import {RecordState, State} from "./State.sol";

/// @notice What the contracts should know, and what they should say, in the plainest words: the slow twin of `decide`
/// and of the strikes. The handler writes it after each call that went through; it is never read from the contracts.
abstract contract Model is State {
    uint256 internal constant STRIKE_LIMIT = 8;

    address[] internal _actors;

    mapping(address actor => bool) internal _isPatient;
    mapping(address actor => bytes32) internal _key;
    // Of an applicant: what it applied with.
    mapping(address actor => Provider) internal _provider;
    mapping(address patient => mapping(address accessor => Consent)) internal _consent;
    // Also what revokeAll ended: it can still be revoked by name.
    mapping(address patient => mapping(address accessor => bool)) internal _given;
    mapping(RecordId => RecordState) internal _record;
    mapping(RecordId => mapping(address accessor => bool)) internal _restricted;
    mapping(address accessor => uint256) internal _strikes;
    mapping(address accessor => uint256 time) internal _struckSince;
    // When something last ended that a refusal may be due to, by what it was.
    mapping(bytes32 what => uint256 time) internal _endedAt;

    /// @notice The first thing that went through and should not have, or came out as it should not have.
    string public fault;

    /// @notice Who may open what.
    function expectedDecision(address accessor, RecordId recordId, Purpose purpose) public view returns (Decision) {
        RecordState storage record = _record[recordId];
        if (_owns(accessor, recordId)) {
            return record.status == RecordStatus.Active ? Decision.Permit : Decision.RecordNotActive;
        }
        Provider storage p = _provider[accessor];
        if (p.status == ProviderStatus.None) return Decision.AccessorUnknown;
        if (p.status == ProviderStatus.Applied) return Decision.AccessorNotVerified;
        if (p.status == ProviderStatus.Suspended) return Decision.AccessorSuspended;
        if (p.expiresAt <= block.timestamp) return Decision.AccessorExpired;
        if (record.status == RecordStatus.None) return Decision.RecordUnknown;
        if (record.status != RecordStatus.Active) return Decision.RecordNotActive;

        address organisation = _inheritsFrom(accessor);
        Decision decision = _covered(_consent[record.patient][accessor], purpose, record.compartment);
        Decision inherited = _covered(_consent[record.patient][organisation], purpose, record.compartment);
        if (decision == Decision.ConsentMissing || inherited == Decision.Permit) decision = inherited;
        if (decision != Decision.Permit) return decision;
        bool kept =
            _restricted[recordId][accessor] || _restricted[recordId][address(0)] || _restricted[recordId][organisation];
        return kept ? Decision.RecordRestricted : Decision.Permit;
    }

    function keyOf(address patient) external view returns (bool known, bytes32 publicKeyHash) {
        return (_isPatient[patient], _key[patient]);
    }

    function providerOf(address account) external view returns (Provider memory provider) {
        provider.status = _provider[account].status;
        if (provider.status != ProviderStatus.Applied) provider = _provider[account];
    }

    function consentOf(address patient, address accessor) external view returns (Consent memory) {
        return _consent[patient][accessor];
    }

    function isRestricted(RecordId recordId, address accessor) external view returns (bool) {
        return _restricted[recordId][accessor];
    }

    function recordOf(RecordId recordId) external view returns (RecordState memory) {
        return _record[recordId];
    }

    /// @notice How many strikes of an accessor count now.
    function strikesOf(address accessor) public view returns (uint256) {
        return block.timestamp < _struckSince[accessor] + 1 days ? _strikes[accessor] : 0;
    }

    function _must(bool condition, string memory name) internal {
        if (!condition && bytes(fault).length == 0) fault = name;
    }

    function _owns(address account, RecordId recordId) internal view returns (bool) {
        return _isPatient[account] && _record[recordId].patient == account;
    }

    function _counts(address account) internal view returns (bool) {
        Provider storage p = _provider[account];
        return p.status == ProviderStatus.Verified && block.timestamp < p.expiresAt;
    }

    /// @dev Zero, to which nobody can give a consent, for none.
    function _inheritsFrom(address accessor) internal view returns (address) {
        Provider storage p = _provider[accessor];
        return p.vouched && _counts(p.organisation) ? p.organisation : address(0);
    }

    function _mayWrite(address author, address patient, uint8 compartment) internal view returns (bool) {
        if (_isPatient[author] && author == patient) return true;
        return _counts(author)
            && (_writes(_consent[patient][author], compartment)
                || _writes(_consent[patient][_inheritsFrom(author)], compartment));
    }

    function _writes(Consent storage consent, uint8 compartment) private view returns (bool) {
        bool stands = consent.startsAt <= block.timestamp && block.timestamp < consent.expiresAt;
        return consent.mayWrite && stands && (CompartmentSet.unwrap(consent.compartments) >> compartment) & 1 == 1;
    }

    function _covered(Consent storage consent, Purpose purpose, uint8 compartment) private view returns (Decision) {
        if (consent.expiresAt == 0) return Decision.ConsentMissing;
        if (consent.startsAt > block.timestamp) return Decision.ConsentNotYetValid;
        if (consent.expiresAt <= block.timestamp) return Decision.ConsentExpired;
        if (PurposeSet.unwrap(consent.purposes) & (1 << uint8(purpose)) == 0) return Decision.PurposeNotConsented;
        if (CompartmentSet.unwrap(consent.compartments) & (uint64(1) << compartment) == 0) {
            return Decision.CompartmentNotConsented;
        }
        return Decision.Permit;
    }

    // Strikes

    /// @dev One for each refusal that is no race, but one only for records of one patient that follow each other.
    function _expectedStrikes(address caller, RecordId[] memory ids, Purpose purpose)
        internal
        view
        returns (uint256 strikes)
    {
        if (!_counts(caller)) return 0;
        address last = address(1);
        for (uint256 i = 0; i < ids.length; ++i) {
            address patient = _record[ids[i]].patient;
            if (_owns(caller, ids[i]) || _isRace(caller, ids[i])) continue;
            if (expectedDecision(caller, ids[i], purpose) == Decision.Permit) continue;
            if (patient != last) ++strikes;
            last = patient;
        }
    }

    /// @dev Whether the caller is suspended for them.
    function _strike(address caller, uint256 strikes) internal returns (bool suspended) {
        if (strikes == 0) return false;
        if (block.timestamp >= _struckSince[caller] + 1 days) {
            (_struckSince[caller], _strikes[caller]) = (block.timestamp, 0);
        }
        _strikes[caller] += strikes;
        suspended = _strikes[caller] >= STRIKE_LIMIT;
        if (!suspended) return false;
        (_strikes[caller], _struckSince[caller]) = (0, 0);
        _provider[caller].status = ProviderStatus.Suspended;
    }

    /// @dev Whether anything that the refusal may be due to ended within the hour.
    function _isRace(address accessor, RecordId recordId) private view returns (bool) {
        address patient = _record[recordId].patient;
        address organisation = _inheritsFrom(accessor);
        return _isRecent(_endedAt[RecordId.unwrap(recordId)]) || _isRecent(_endedAt[bytes32(uint256(uint160(patient)))])
            || _endedRecently(patient, accessor)
            || (organisation != address(0) && _endedRecently(patient, organisation));
    }

    function _endedRecently(address patient, address accessor) private view returns (bool) {
        uint256 expiresAt = _consent[patient][accessor].expiresAt;
        return _isRecent(_endedAt[_pair(patient, accessor)]) || (expiresAt <= block.timestamp && _isRecent(expiresAt));
    }

    function _isRecent(uint256 time) private view returns (bool) {
        return time != 0 && time + 1 hours > block.timestamp;
    }

    function _pair(address patient, address accessor) internal pure returns (bytes32) {
        return keccak256(abi.encode(patient, accessor));
    }

    function _end(bytes32 what) internal {
        _endedAt[what] = block.timestamp;
    }
}
