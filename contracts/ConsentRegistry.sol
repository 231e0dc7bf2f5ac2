// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "./interfaces/IRecordIndex.sol";
import {Sets} from "./libraries/Sets.sol";
import {RecordIndex} from "./RecordIndex.sol";
import {
    CompartmentSet,
    Consent,
    Decision,
    Provider,
    ProviderStatus,
    Purpose,
    PurposeSet,
    Record,
    RecordId,
    RecordStatus
} from "./types/Types.sol";

/// @title ConsentRegistry
/// @notice See `IConsentRegistry`, which is the manual.
contract ConsentRegistry is IConsentRegistry {
    using Sets for CompartmentSet;
    using Sets for PurposeSet;

    /// @notice Who is who.
    IParticipantRegistry public immutable PARTICIPANTS;

    /// @notice Which records exist. Made here, because index and consents need each other's address for good.
    IRecordIndex public immutable RECORDS;

    mapping(address patient => mapping(address accessor => Consent)) private _consents;
    mapping(RecordId recordId => mapping(address accessor => bool)) private _restrictions;

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

        _restrictions[recordId][accessor] = true;

        emit RecordRestricted(recordId, patient, accessor);
    }

    /// @inheritdoc IConsentRegistry
    function liftRestriction(RecordId recordId, address accessor) external {
        address patient = _requireOwnRecord(recordId);

        delete _restrictions[recordId][accessor];

        emit RestrictionLifted(recordId, patient, accessor);
    }

    /// @inheritdoc IConsentRegistry
    function decide(address accessor, RecordId recordId, Purpose purpose)
        external
        view
        returns (Decision decision, address patient)
    {
        Record memory record = RECORDS.recordOf(recordId);
        patient = record.patient;
        if (record.status == RecordStatus.None) return (Decision.RecordUnknown, patient);
        if (record.status != RecordStatus.Active) return (Decision.RecordNotActive, patient);
        if (PARTICIPANTS.patientOf(accessor) == patient) return (Decision.Permit, patient);

        decision = _standing(accessor);
        if (decision != Decision.Permit) return (decision, patient);

        decision = _covers(_consents[patient][accessor], purpose, record.compartment);
        if (decision != Decision.Permit) return (decision, patient);

        if (_restrictions[recordId][accessor] || _restrictions[recordId][address(0)]) {
            return (Decision.RecordRestricted, patient);
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
    function isRestricted(RecordId recordId, address accessor) external view returns (bool) {
        return _restrictions[recordId][accessor];
    }

    function _store(address patient, address accessor, Consent calldata consent)
        private
        returns (Consent memory stored)
    {
        if (accessor == address(0) || accessor == patient) revert AccessorInvalid(accessor);
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
        if (RECORDS.recordOf(recordId).patient != patient) revert NotYourRecord(recordId);
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

    function _standing(address accessor) private view returns (Decision) {
        Provider memory provider = PARTICIPANTS.providerOf(accessor);
        if (provider.status == ProviderStatus.None) return Decision.AccessorUnknown;
        if (provider.status == ProviderStatus.Suspended) return Decision.AccessorSuspended;
        if (provider.status != ProviderStatus.Verified) return Decision.AccessorNotVerified;
        if (block.timestamp >= provider.expiresAt) return Decision.AccessorExpired;
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
