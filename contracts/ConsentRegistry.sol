// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PatientContext} from "./PatientContext.sol";
import {RecordIndex} from "./RecordIndex.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IEmergencyAccess} from "./interfaces/IEmergencyAccess.sol";
import {IGuardianship} from "./interfaces/IGuardianship.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "./interfaces/IRecordIndex.sol";
import {ConsentSlot, ConsentSlots} from "./libraries/ConsentSlot.sol";
import {ProviderSlot} from "./libraries/ProviderSlot.sol";
import {RecordSlot} from "./libraries/RecordSlot.sol";
import {Ruling, Rulings} from "./libraries/Ruling.sol";
import {Sets} from "./libraries/Sets.sol";
import {
    CompartmentSet,
    Consent,
    Decision,
    Ground,
    ProviderStatus,
    Purpose,
    PurposeSet,
    RecordId,
    RecordStatus
} from "./types/Types.sol";

/// @title ConsentRegistry
/// @notice See `IConsentRegistry`, which is the manual.
contract ConsentRegistry is IConsentRegistry, PatientContext {
    using Sets for CompartmentSet;
    using Sets for PurposeSet;

    /// @dev What a decision needs to know of whoever asks, read once for all records. `organisation` is zero unless its
    /// consents are inherited; `patient` is looked up only where it can matter.
    struct Asking {
        address account;
        address organisation;
        Decision standing;
        bool patientKnown;
        address patient;
    }

    /// @notice A refusal is no strike where what it failed for ended no longer ago than this, in seconds.
    uint256 public constant RACE_GRACE = 1 hours;

    /// @notice Who is who.
    IParticipantRegistry public immutable PARTICIPANTS;

    /// @inheritdoc IConsentRegistry
    /// @dev Made here, because index and consents need each other's address for good.
    IRecordIndex public immutable RECORDS;

    /// @notice Who reads without a consent, because it is an emergency.
    IEmergencyAccess internal immutable EMERGENCIES;

    mapping(address patient => mapping(address accessor => ConsentSlot)) private _consents;
    // When each patient last revoked all: a consent counts only if it was given later, so that one write ends all.
    mapping(address patient => uint256 time) private _epochs;
    // How many of these stand is counted in the record's own slot: they are looked up only where there are any.
    mapping(RecordId recordId => mapping(address accessor => bool)) private _restricted;
    // Patients whose id is no wallet of theirs any more.
    mapping(address patient => bool) private _moved;

    /// @param participants Who is who.
    /// @param guardianship Who acts for patients.
    /// @param emergencies Who reads in an emergency.
    /// @param forwarder Relays signed requests (ERC-2771).
    constructor(
        IParticipantRegistry participants,
        IGuardianship guardianship,
        IEmergencyAccess emergencies,
        address forwarder
    ) PatientContext(address(guardianship), forwarder) {
        PARTICIPANTS = participants;
        EMERGENCIES = emergencies;
        RECORDS = new RecordIndex(participants, this, address(guardianship), forwarder);
    }

    /// @inheritdoc IConsentRegistry
    function requestConsent(
        address patient,
        CompartmentSet compartments,
        PurposeSet purposes,
        uint48 expiresAt,
        bytes32 messageDigest
    ) external {
        address accessor = _msgSender();
        _requireScope(compartments, purposes, 0, expiresAt);
        (bool verified, bool known) = PARTICIPANTS.isVerifiedAndPatient(accessor, patient);
        if (!verified) revert NotVerified(accessor);
        if (!known) revert PatientUnknown(patient);

        emit ConsentRequested(patient, accessor, compartments, purposes, expiresAt, messageDigest);
    }

    /// @inheritdoc IConsentRegistry
    function declineRequest(address accessor) external {
        emit RequestDeclined(_callingPatient(), accessor);
    }

    /// @inheritdoc IConsentRegistry
    function grantConsent(address accessor, Consent memory consent) external {
        address patient = _callingPatient();
        ConsentSlot slot = _consents[patient][accessor];
        // A first consent pays for a new slot: it is spared the look at the epoch.
        if (ConsentSlot.unwrap(slot) != 0) {
            if (_exists(patient, slot) && block.timestamp < slot.expiresAt()) revert ConsentStands(patient, accessor);
            if (_epochs[patient] == block.timestamp) revert RevokedInThisBlock(patient);
        }
        _requireConsent(patient, accessor, consent);

        _consents[patient][accessor] = ConsentSlots.pack(consent, block.timestamp, slot.changedAt());

        emit ConsentGranted(patient, accessor, consent);
    }

    /// @inheritdoc IConsentRegistry
    function amendConsent(address accessor, Consent calldata consent) external {
        address patient = _callingPatient();
        ConsentSlot slot = _consents[patient][accessor];
        if (!_exists(patient, slot) || block.timestamp >= slot.expiresAt()) revert ConsentAbsent(patient, accessor);
        _requireConsent(patient, accessor, consent);

        _consents[patient][accessor] = ConsentSlots.pack(consent, block.timestamp, uint40(block.timestamp));

        emit ConsentAmended(patient, accessor, consent);
    }

    /// @inheritdoc IConsentRegistry
    function revokeConsent(address accessor) external {
        // Consents are filed under the id of the patient who gave them, and that is the wallet itself unless the
        // patient changed it: the registry need not be asked. That pays for the time that is kept.
        address patient = _msgSender();
        if (_consents[patient][accessor].expiresAt() == 0 || _moved[patient]) {
            patient = _callingPatient();
            if (_consents[patient][accessor].expiresAt() == 0) revert ConsentAbsent(patient, accessor);
        }

        _consents[patient][accessor] = ConsentSlots.revoked(uint40(block.timestamp));

        emit ConsentRevoked(patient, accessor);
    }

    /// @inheritdoc IConsentRegistry
    function revokeAll() external {
        address patient = _callingPatient();

        _epochs[patient] = block.timestamp;

        emit AllConsentsRevoked(patient, uint48(block.timestamp));
    }

    /// @inheritdoc IConsentRegistry
    function restrictRecord(RecordId recordId, address accessor) external {
        address patient = _requireOwnRecord(recordId);

        if (!_restricted[recordId][accessor]) {
            _restricted[recordId][accessor] = true;
            RECORDS.noteRestriction(recordId, true);
        }

        emit RecordRestricted(recordId, patient, accessor);
    }

    /// @inheritdoc IConsentRegistry
    function liftRestriction(RecordId recordId, address accessor) external {
        address patient = _requireOwnRecord(recordId);

        if (_restricted[recordId][accessor]) {
            delete _restricted[recordId][accessor];
            RECORDS.noteRestriction(recordId, false);
        }

        emit RestrictionLifted(recordId, patient, accessor);
    }

    /// @inheritdoc IConsentRegistry
    function noteMove(address patient) external {
        if (msg.sender != GUARDIANSHIP) revert NotGuardianship(msg.sender);

        _moved[patient] = true;
    }

    /// @inheritdoc IConsentRegistry
    function decide(address accessor, RecordId recordId, Purpose purpose)
        external
        view
        returns (Decision decision, address patient)
    {
        (Ruling ruling,) = _decide(_asking(accessor), recordId, purpose);
        return (ruling.decision(), ruling.patient());
    }

    /// @inheritdoc IConsentRegistry
    function decideAll(address accessor, RecordId[] calldata recordIds, Purpose purpose)
        external
        view
        returns (Ruling[] memory rulings, uint256 strikes)
    {
        uint256 size = recordIds.length;
        rulings = new Ruling[](size);
        Asking memory asking = _asking(accessor);
        // Whose record was struck last; nobody's record is one whose.
        address struck = address(1);
        for (uint256 i = 0; i < size; ++i) {
            (Ruling ruling, bool strike) = _decide(asking, recordIds[i], purpose);
            rulings[i] = ruling;
            if (strike && ruling.patient() != struck) {
                struck = ruling.patient();
                ++strikes;
            }
        }
    }

    /// @inheritdoc IConsentRegistry
    function writableBy(address patient, address accessor) external view returns (CompartmentSet) {
        Asking memory asking = _asking(accessor);
        if (asking.standing != Decision.Permit) return CompartmentSet.wrap(0);
        uint64 own = _writable(patient, accessor);
        if (asking.organisation == address(0)) return CompartmentSet.wrap(own);
        return CompartmentSet.wrap(own | _writable(patient, asking.organisation));
    }

    /// @inheritdoc IConsentRegistry
    function consentOf(address patient, address accessor) external view returns (Consent memory consent) {
        ConsentSlot slot = _consents[patient][accessor];
        if (_exists(patient, slot)) consent = slot.unpack();
    }

    /// @inheritdoc IConsentRegistry
    function epochOf(address patient) external view returns (uint48) {
        return uint48(_epochs[patient]);
    }

    /// @inheritdoc IConsentRegistry
    function isRestricted(RecordId recordId, address accessor) external view returns (bool) {
        return _restricted[recordId][accessor];
    }

    function _callingPatient() private view returns (address patient) {
        if (_represented()) return _representedPatient();
        address wallet = _msgSender();
        patient = PARTICIPANTS.patientOf(wallet);
        if (patient == address(0)) revert NotPatient(wallet);
    }

    function _requireOwnRecord(RecordId recordId) private view returns (address patient) {
        patient = _callingPatient();
        if (RECORDS.slotOfRecord(recordId).patient() != patient) revert NotYourRecord(recordId);
    }

    function _requireConsent(address patient, address accessor, Consent memory c) private view {
        if (accessor == address(0) || accessor == patient) revert AccessorInvalid(accessor);
        _requireScope(c.compartments, c.purposes, c.startsAt, c.expiresAt);
    }

    function _requireScope(CompartmentSet compartments, PurposeSet purposes, uint48 startsAt, uint48 expiresAt)
        private
        view
    {
        if (CompartmentSet.unwrap(compartments) == 0) revert CompartmentsMissing();
        if (!purposes.isValid()) revert PurposesInvalid(purposes);
        if (expiresAt <= block.timestamp || expiresAt <= startsAt) revert PeriodInvalid(startsAt, expiresAt);
    }

    /// @dev Who asks comes first, so that strangers learn nothing about records. A provider that counts is looked up
    /// as a patient only after its consents did not suffice, and then come the two grounds that are marked.
    function _decide(Asking memory asking, RecordId recordId, Purpose purpose)
        private
        view
        returns (Ruling ruling, bool strike)
    {
        RecordSlot slot = RECORDS.slotOfRecord(recordId);
        address patient = slot.patient();
        bool counts = asking.standing == Decision.Permit;
        Decision decision = asking.standing;
        if (counts) {
            decision = _decideForProvider(asking, slot, recordId, purpose);
            if (decision == Decision.Permit) return (Rulings.pack(decision, patient), false);
        }
        if (_isPatient(asking, patient)) {
            return (Rulings.pack(slot.isActive() ? Decision.Permit : Decision.RecordNotActive, patient), false);
        }
        if (slot.isActive()) {
            if (counts && purpose == Purpose.EmergencyTreatment && _isEmergency(asking, slot, recordId)) {
                return (Rulings.permit(Ground.Emergency, patient), false);
            }
            if (_represents(asking, counts, purpose, patient)) {
                if (!_isKept(asking, slot, recordId)) return (Rulings.permit(Ground.Representative, patient), false);
                return (Rulings.pack(Decision.RecordRestricted, patient), false);
            }
        }
        return (Rulings.pack(decision, patient), counts && !_mayBeRace(asking, slot, purpose));
    }

    function _decideForProvider(Asking memory asking, RecordSlot slot, RecordId recordId, Purpose purpose)
        private
        view
        returns (Decision decision)
    {
        if (!slot.isActive()) {
            return slot.status() == RecordStatus.None ? Decision.RecordUnknown : Decision.RecordNotActive;
        }
        address patient = slot.patient();
        decision = _covers(patient, asking.account, purpose, slot.compartment());
        if (asking.organisation != address(0) && decision != Decision.Permit) {
            Decision inherited = _covers(patient, asking.organisation, purpose, slot.compartment());
            // The reason of the provider's own consent, if it has one.
            if (inherited == Decision.Permit || decision == Decision.ConsentMissing) decision = inherited;
        }
        if (decision == Decision.Permit && _isKept(asking, slot, recordId)) return Decision.RecordRestricted;
    }

    /// @dev Never beyond the emergency set, the window and the clinician who asked. A restriction holds here too.
    function _isEmergency(Asking memory asking, RecordSlot slot, RecordId recordId) private view returns (bool) {
        (CompartmentSet compartments, uint48 endsAt) = EMERGENCIES.standingOf(slot.patient(), asking.account);
        return block.timestamp < endsAt && compartments.has(slot.compartment()) && !_isKept(asking, slot, recordId);
    }

    /// @dev A provider that represents somebody says with the purpose which of the two it is now.
    function _represents(Asking memory asking, bool counts, Purpose purpose, address patient)
        private
        view
        returns (bool)
    {
        if (counts && purpose != Purpose.PatientRequest) return false;
        return IGuardianship(GUARDIANSHIP).isRepresentative(patient, asking.account);
    }

    function _covers(address patient, address accessor, Purpose purpose, uint8 compartment)
        private
        view
        returns (Decision)
    {
        ConsentSlot slot = _consents[patient][accessor];
        if (!_exists(patient, slot)) return Decision.ConsentMissing;
        if (block.timestamp < slot.startsAt()) return Decision.ConsentNotYetValid;
        if (block.timestamp >= slot.expiresAt()) return Decision.ConsentExpired;
        if (!slot.purposes().has(purpose)) return Decision.PurposeNotConsented;
        if (!slot.compartments().has(compartment)) return Decision.CompartmentNotConsented;
        return Decision.Permit;
    }

    function _isKept(Asking memory asking, RecordSlot slot, RecordId recordId) private view returns (bool) {
        if (slot.restrictions() == 0) return false;
        mapping(address accessor => bool) storage restricted = _restricted[recordId];
        return restricted[address(0)] || restricted[asking.account]
            || (asking.organisation != address(0) && restricted[asking.organisation]);
    }

    function _isPatient(Asking memory asking, address patient) private view returns (bool) {
        if (patient == address(0)) return false;
        if (!asking.patientKnown) {
            asking.patient = PARTICIPANTS.patientOf(asking.account);
            asking.patientKnown = true;
        }
        return asking.patient == patient;
    }

    /// @dev Whether something that the refusal may be due to ended so recently that the accessor, or whoever relayed
    /// its request, may not have known. So a patient can't make anybody collect strikes by being quicker.
    function _mayBeRace(Asking memory asking, RecordSlot slot, Purpose purpose) private view returns (bool) {
        address patient = slot.patient();
        if (_isRecent(slot.changedAt()) || _isRecent(_epochs[patient]) || _endedRecently(patient, asking.account)) {
            return true;
        }
        if (purpose == Purpose.EmergencyTreatment) {
            (, uint48 endsAt) = EMERGENCIES.standingOf(patient, asking.account);
            if (block.timestamp >= endsAt && _isRecent(endsAt)) return true;
        }
        return asking.organisation != address(0) && _endedRecently(patient, asking.organisation);
    }

    function _endedRecently(address patient, address accessor) private view returns (bool) {
        ConsentSlot slot = _consents[patient][accessor];
        if (_isRecent(slot.changedAt())) return true;
        // What revokeAll had ended already expires no more.
        return _exists(patient, slot) && block.timestamp >= slot.expiresAt() && _isRecent(slot.expiresAt());
    }

    function _isRecent(uint256 time) private view returns (bool) {
        return block.timestamp < time + RACE_GRACE;
    }

    function _writable(address patient, address accessor) private view returns (uint64) {
        ConsentSlot slot = _consents[patient][accessor];
        bool within = block.timestamp >= slot.startsAt() && block.timestamp < slot.expiresAt();
        return within && _exists(patient, slot) && slot.mayWrite() ? CompartmentSet.unwrap(slot.compartments()) : 0;
    }

    /// @dev Whether there is a consent, standing or not, which the patient did not revoke.
    function _exists(address patient, ConsentSlot slot) private view returns (bool) {
        return slot.expiresAt() != 0 && slot.grantedAt() > _epochs[patient];
    }

    function _asking(address account) private view returns (Asking memory asking) {
        ProviderSlot slot = PARTICIPANTS.slotOfProvider(account);
        asking.account = account;
        asking.standing = _standing(slot);
        address organisation = slot.membership();
        if (organisation != address(0) && PARTICIPANTS.isVerified(organisation)) asking.organisation = organisation;
    }

    function _standing(ProviderSlot slot) private view returns (Decision) {
        if (slot.counts()) return Decision.Permit;
        ProviderStatus status = slot.status();
        if (status == ProviderStatus.None) return Decision.AccessorUnknown;
        if (status == ProviderStatus.Suspended) return Decision.AccessorSuspended;
        return status == ProviderStatus.Verified ? Decision.AccessorExpired : Decision.AccessorNotVerified;
    }
}
