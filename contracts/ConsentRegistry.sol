// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RecordIndex} from "./RecordIndex.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "./interfaces/IRecordIndex.sol";
import {Sets} from "./libraries/Sets.sol";
import {
    CompartmentSet,
    Consent,
    Decision,
    ProviderStatus,
    Purpose,
    PurposeSet,
    RecordId,
    RecordStatus
} from "./types/Types.sol";

/// @title ConsentRegistry
/// @notice See `IConsentRegistry`, which is the manual.
contract ConsentRegistry is IConsentRegistry {
    using Sets for CompartmentSet;
    using Sets for PurposeSet;

    /// @dev One slot a record, so that an opening reads one and not two: whom in particular a record is kept from
    /// stands in `_restricted`, and is looked up only where somebody is.
    struct Restrictions {
        bool everybody;
        uint32 accessors;
    }

    /// @dev What a decision needs to know of whoever asks, read once for all records.
    struct Accessor {
        address account;
        address patient;
        Decision standing;
    }

    /// @notice Who is who.
    IParticipantRegistry public immutable PARTICIPANTS;

    /// @notice Which records exist. Made here, because index and consents need each other's address for good.
    IRecordIndex public immutable RECORDS;

    mapping(address patient => mapping(address accessor => Consent)) private _consents;
    mapping(RecordId recordId => Restrictions) private _restrictions;
    mapping(RecordId recordId => mapping(address accessor => bool)) private _restricted;

    /// @param participants Who is who.
    constructor(IParticipantRegistry participants) {
        PARTICIPANTS = participants;
        RECORDS = new RecordIndex(participants, this);
    }

    /// @inheritdoc IConsentRegistry
    function requestConsent(
        address patient,
        CompartmentSet compartments,
        PurposeSet purposes,
        uint48 expiresAt,
        bytes32 messageDigest
    ) external {
        _requireScope(compartments, purposes, 0, expiresAt);
        if (!PARTICIPANTS.isVerified(msg.sender)) revert NotVerified(msg.sender);
        if (PARTICIPANTS.patientOf(patient) == address(0)) revert PatientUnknown(patient);

        emit ConsentRequested(patient, msg.sender, compartments, purposes, expiresAt, messageDigest);
    }

    /// @inheritdoc IConsentRegistry
    function declineRequest(address accessor) external {
        emit RequestDeclined(_callingPatient(), accessor);
    }

    /// @inheritdoc IConsentRegistry
    function grantConsent(address accessor, Consent calldata consent) external {
        address patient = _callingPatient();
        if (_stands(_consents[patient][accessor])) revert ConsentStands(patient, accessor);

        emit ConsentGranted(patient, accessor, _store(patient, accessor, consent));
    }

    /// @inheritdoc IConsentRegistry
    function amendConsent(address accessor, Consent calldata consent) external {
        address patient = _callingPatient();
        if (!_stands(_consents[patient][accessor])) revert ConsentAbsent(patient, accessor);

        emit ConsentAmended(patient, accessor, _store(patient, accessor, consent));
    }

    /// @inheritdoc IConsentRegistry
    function revokeConsent(address accessor) external {
        address patient = _callingPatient();
        if (_consents[patient][accessor].expiresAt == 0) revert ConsentAbsent(patient, accessor);

        delete _consents[patient][accessor];

        emit ConsentRevoked(patient, accessor);
    }

    /// @inheritdoc IConsentRegistry
    function restrictRecord(RecordId recordId, address accessor) external {
        address patient = _requireOwnRecord(recordId);

        if (!isRestricted(recordId, accessor)) {
            if (accessor == address(0)) {
                _restrictions[recordId].everybody = true;
            } else {
                _restricted[recordId][accessor] = true;
                ++_restrictions[recordId].accessors;
            }
        }

        emit RecordRestricted(recordId, patient, accessor);
    }

    /// @inheritdoc IConsentRegistry
    function liftRestriction(RecordId recordId, address accessor) external {
        address patient = _requireOwnRecord(recordId);

        if (isRestricted(recordId, accessor)) {
            if (accessor == address(0)) {
                _restrictions[recordId].everybody = false;
            } else {
                delete _restricted[recordId][accessor];
                --_restrictions[recordId].accessors;
            }
        }

        emit RestrictionLifted(recordId, patient, accessor);
    }

    /// @inheritdoc IConsentRegistry
    function decide(address accessor, RecordId recordId, Purpose purpose)
        external
        view
        returns (Decision decision, address patient)
    {
        return _decide(_accessor(accessor), recordId, purpose);
    }

    /// @inheritdoc IConsentRegistry
    function decideAll(address accessor, RecordId[] calldata recordIds, Purpose purpose)
        external
        view
        returns (Decision[] memory decisions, address[] memory patients)
    {
        uint256 size = recordIds.length;
        decisions = new Decision[](size);
        patients = new address[](size);
        Accessor memory asking = _accessor(accessor);
        for (uint256 i = 0; i < size; ++i) {
            (decisions[i], patients[i]) = _decide(asking, recordIds[i], purpose);
        }
    }

    /// @inheritdoc IConsentRegistry
    function mayWrite(address patient, address accessor, uint8 compartment) external view returns (bool) {
        Consent storage consent = _consents[patient][accessor];
        return _stands(consent) && block.timestamp >= consent.startsAt && consent.mayWrite
            && consent.compartments.has(compartment) && PARTICIPANTS.isVerified(accessor);
    }

    /// @inheritdoc IConsentRegistry
    function consentOf(address patient, address accessor) external view returns (Consent memory) {
        return _consents[patient][accessor];
    }

    /// @inheritdoc IConsentRegistry
    function isRestricted(RecordId recordId, address accessor) public view returns (bool) {
        return accessor == address(0) ? _restrictions[recordId].everybody : _restricted[recordId][accessor];
    }

    function _store(address patient, address accessor, Consent calldata consent)
        private
        returns (Consent memory stored)
    {
        if (accessor == address(0) || accessor == patient) {
            revert AccessorInvalid(accessor);
        }
        _requireScope(consent.compartments, consent.purposes, consent.startsAt, consent.expiresAt);

        stored = consent;
        _consents[patient][accessor] = stored;
    }

    function _callingPatient() private view returns (address patient) {
        patient = PARTICIPANTS.patientOf(msg.sender);
        if (patient == address(0)) revert NotPatient(msg.sender);
    }

    function _requireOwnRecord(RecordId recordId) private view returns (address patient) {
        patient = _callingPatient();
        (address owner,,) = RECORDS.placeOf(recordId);
        if (owner != patient) revert NotYourRecord(recordId);
    }

    function _requireScope(CompartmentSet compartments, PurposeSet purposes, uint48 startsAt, uint48 expiresAt)
        private
        view
    {
        if (CompartmentSet.unwrap(compartments) == 0) revert CompartmentsMissing();
        if (!purposes.isValid()) revert PurposesInvalid(purposes);
        if (expiresAt <= block.timestamp || expiresAt <= startsAt) revert PeriodInvalid(startsAt, expiresAt);
    }

    function _stands(Consent storage consent) private view returns (bool) {
        return block.timestamp < consent.expiresAt;
    }

    function _decide(Accessor memory accessor, RecordId recordId, Purpose purpose)
        private
        view
        returns (Decision decision, address patient)
    {
        uint8 compartment;
        RecordStatus status;
        (patient, compartment, status) = RECORDS.placeOf(recordId);
        if (status == RecordStatus.None) return (Decision.RecordUnknown, patient);
        if (status != RecordStatus.Active) return (Decision.RecordNotActive, patient);
        if (accessor.patient == patient) return (Decision.Permit, patient);
        if (accessor.standing != Decision.Permit) return (accessor.standing, patient);

        decision = _covers(_consents[patient][accessor.account], purpose, compartment);
        if (decision != Decision.Permit) return (decision, patient);

        Restrictions memory restrictions = _restrictions[recordId];
        bool kept = restrictions.everybody || (restrictions.accessors != 0 && _restricted[recordId][accessor.account]);
        return (kept ? Decision.RecordRestricted : Decision.Permit, patient);
    }

    function _accessor(address account) private view returns (Accessor memory) {
        (address patient, ProviderStatus status, uint48 expiresAt) = PARTICIPANTS.standingOf(account);
        return Accessor({account: account, patient: patient, standing: _standing(status, expiresAt)});
    }

    function _standing(ProviderStatus status, uint48 expiresAt) private view returns (Decision) {
        if (status == ProviderStatus.None) return Decision.AccessorUnknown;
        if (status == ProviderStatus.Suspended) return Decision.AccessorSuspended;
        if (status != ProviderStatus.Verified) return Decision.AccessorNotVerified;
        if (block.timestamp >= expiresAt) return Decision.AccessorExpired;
        return Decision.Permit;
    }

    function _covers(Consent storage stored, Purpose purpose, uint8 compartment) private view returns (Decision) {
        Consent memory consent = stored;
        if (consent.expiresAt == 0) return Decision.ConsentMissing;
        if (block.timestamp < consent.startsAt) return Decision.ConsentNotYetValid;
        if (block.timestamp >= consent.expiresAt) return Decision.ConsentExpired;
        if (!consent.purposes.has(purpose)) return Decision.PurposeNotConsented;
        if (!consent.compartments.has(compartment)) return Decision.CompartmentNotConsented;
        return Decision.Permit;
    }
}
