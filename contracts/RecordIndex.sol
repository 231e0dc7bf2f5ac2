// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PatientContext} from "./PatientContext.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "./interfaces/IRecordIndex.sol";
import {RecordSlot, RecordSlots} from "./libraries/RecordSlot.sol";
import {Sets} from "./libraries/Sets.sol";
import {CompartmentSet, Record, RecordId, RecordStatus} from "./types/Types.sol";

/// @title RecordIndex
/// @notice See `IRecordIndex`, which is the manual.
contract RecordIndex is IRecordIndex, PatientContext {
    using Sets for CompartmentSet;

    /// @notice How many records one call adds or accepts.
    uint256 public constant MAX_BATCH = 100;

    /// @notice Who is who.
    IParticipantRegistry public immutable PARTICIPANTS;

    /// @notice Who may write what.
    IConsentRegistry public immutable CONSENTS;

    mapping(RecordId recordId => RecordSlot) private _records;
    // Only of records that a provider wrote: a patient's own need no second slot.
    mapping(RecordId recordId => address author) private _authors;
    // Only of records that were re-wrapped: until then the id is the digest.
    mapping(RecordId recordId => bytes32 envelopeDigest) private _envelopes;
    // Only of records that have another version.
    mapping(RecordId recordId => RecordId) private _previous;
    mapping(RecordId recordId => RecordId) private _next;

    /// @param participants Who is who.
    /// @param consents Who may write what.
    /// @param guardianship Who acts for patients.
    /// @param forwarder Relays signed requests (ERC-2771).
    constructor(IParticipantRegistry participants, IConsentRegistry consents, address guardianship, address forwarder)
        PatientContext(guardianship, forwarder)
    {
        PARTICIPANTS = participants;
        CONSENTS = consents;
    }

    /// @inheritdoc IRecordIndex
    function addRecord(RecordId recordId, address patient, uint8 compartment) external {
        address author = _msgSender();
        _requireCompartment(compartment);
        (bool byPatient, CompartmentSet writable) = _writable(patient, author);
        _requireWritable(author, patient, compartment, writable);

        if (byPatient) author = patient;
        _create(recordId, RecordSlots.create(patient, compartment, RecordStatus.Active, byPatient), author);

        emit RecordAdded(recordId, patient, author, compartment);
    }

    /// @inheritdoc IRecordIndex
    function addRecords(RecordId[] calldata recordIds, address patient, uint8[] calldata compartments) external {
        address author = _msgSender();
        _requireBatch(recordIds.length, compartments.length);
        (bool byPatient, CompartmentSet writable) = _writable(patient, author);
        if (byPatient) author = patient;

        for (uint256 i = 0; i < recordIds.length; ++i) {
            uint8 compartment = compartments[i];
            _requireCompartment(compartment);
            _requireWritable(author, patient, compartment, writable);
            _create(recordIds[i], RecordSlots.create(patient, compartment, RecordStatus.Active, byPatient), author);
            emit RecordAdded(recordIds[i], patient, author, compartment);
        }
    }

    /// @inheritdoc IRecordIndex
    function submitRecord(RecordId recordId, address patient) external {
        address author = _msgSender();
        (bool verified, bool known) = PARTICIPANTS.isVerifiedAndPatient(author, patient);
        if (!verified) revert NotVerified(author);
        if (!known) revert PatientUnknown(patient);

        _create(recordId, RecordSlots.create(patient, 0, RecordStatus.Pending, false), author);

        emit RecordSubmitted(recordId, patient, author);
    }

    /// @inheritdoc IRecordIndex
    function acceptRecords(RecordId[] calldata recordIds, uint8[] calldata compartments) external {
        _requireBatch(recordIds.length, compartments.length);
        address patient = _callingPatient();

        for (uint256 i = 0; i < recordIds.length; ++i) {
            RecordSlot slot = _requireOwn(patient, recordIds[i], RecordStatus.Pending);
            _requireCompartment(compartments[i]);
            _records[recordIds[i]] = slot.withStatus(RecordStatus.Active).withCompartment(compartments[i]);
            emit RecordAccepted(recordIds[i], patient, compartments[i]);
        }
    }

    /// @inheritdoc IRecordIndex
    function rejectRecord(RecordId recordId) external {
        (RecordSlot slot, address patient) = _requireOwn(recordId, RecordStatus.Pending);

        _records[recordId] = slot.withStatus(RecordStatus.Rejected).changedNow();

        emit RecordRejected(recordId, patient);
    }

    /// @inheritdoc IRecordIndex
    function supersedeRecord(RecordId recordId, RecordId previous) external {
        address caller = _msgSender();
        RecordSlot older = _records[previous];
        RecordSlot newer = _records[recordId];
        address patient = older.patient();
        bool byPatient = patient != address(0) && _callingPatient() == patient;
        // Providers only: a patient's id is an address too, of a wallet that the patient may have left.
        bool byAuthor = _authors[previous] == caller && _authors[recordId] == caller;
        if (!byPatient && !byAuthor) revert NotYourRecord(previous);
        if (!byPatient && !PARTICIPANTS.isVerified(caller)) revert NotVerified(caller);
        if (newer.patient() != patient) revert NotYourRecord(recordId);
        _requireStatus(recordId, newer.status(), RecordStatus.Active);
        _requireStatus(previous, older.status(), RecordStatus.Active);
        if (older.has(RecordSlots.SUPERSEDED) || RecordId.unwrap(recordId) == RecordId.unwrap(previous)) {
            revert AlreadySuperseded(previous);
        }
        // A successor stands at the end of its own line of one: versions neither fork, nor join, nor run in a circle.
        if (newer.has(RecordSlots.SUPERSEDED | RecordSlots.SUPERSEDES)) revert AlreadySuperseded(recordId);

        _records[previous] = older.with(RecordSlots.SUPERSEDED);
        _records[recordId] = newer.with(RecordSlots.SUPERSEDES);
        _next[previous] = recordId;
        _previous[recordId] = previous;

        emit RecordSuperseded(recordId, previous, patient);
    }

    /// @inheritdoc IRecordIndex
    function rewrapRecord(RecordId recordId, bytes32 envelopeDigest) external {
        if (envelopeDigest == 0) revert RecordIdMissing();
        (RecordSlot slot, address patient) = _requireOwn(recordId, RecordStatus.Active);

        _records[recordId] = slot.with(RecordSlots.REWRAPPED);
        _envelopes[recordId] = envelopeDigest;

        emit RecordRewrapped(recordId, patient, envelopeDigest);
    }

    /// @inheritdoc IRecordIndex
    function moveRecord(RecordId recordId, uint8 compartment) external {
        (RecordSlot slot, address patient) = _requireOwn(recordId, RecordStatus.Active);
        _requireCompartment(compartment);

        _records[recordId] = slot.withCompartment(compartment).changedNow();

        emit RecordMoved(recordId, patient, compartment);
    }

    /// @inheritdoc IRecordIndex
    function retireRecord(RecordId recordId) external {
        (RecordSlot slot, address patient) = _requireOwn(recordId, RecordStatus.Active);

        _records[recordId] = slot.withStatus(RecordStatus.Retired).changedNow();

        emit RecordRetired(recordId, patient);
    }

    /// @inheritdoc IRecordIndex
    function noteRestriction(RecordId recordId, bool stands) external {
        if (msg.sender != address(CONSENTS)) revert NotConsents(msg.sender);

        RecordSlot slot = _records[recordId];
        uint32 number = slot.restrictions();
        if (stands) slot = slot.withRestrictions(number + 1).changedNow();
        else slot = slot.withRestrictions(number - 1);
        _records[recordId] = slot;
    }

    /// @inheritdoc IRecordIndex
    function recordOf(RecordId recordId) external view returns (Record memory) {
        return _records[recordId].unpack();
    }

    /// @inheritdoc IRecordIndex
    function slotOfRecord(RecordId recordId) external view returns (RecordSlot) {
        return _records[recordId];
    }

    /// @inheritdoc IRecordIndex
    function versionsOf(RecordId recordId) external view returns (RecordId previous, RecordId next) {
        return (_previous[recordId], _next[recordId]);
    }

    /// @inheritdoc IRecordIndex
    function envelopeOf(RecordId recordId) external view returns (bytes32) {
        RecordSlot slot = _records[recordId];
        if (slot.status() == RecordStatus.None) return 0;
        return slot.has(RecordSlots.REWRAPPED) ? _envelopes[recordId] : RecordId.unwrap(recordId);
    }

    /// @inheritdoc IRecordIndex
    function authorOf(RecordId recordId) external view returns (address) {
        RecordSlot slot = _records[recordId];
        return slot.has(RecordSlots.AUTHORED_BY_PATIENT) ? slot.patient() : _authors[recordId];
    }

    function _create(RecordId recordId, RecordSlot slot, address author) private {
        if (RecordId.unwrap(recordId) == 0) revert RecordIdMissing();
        if (RecordSlot.unwrap(_records[recordId]) != 0) revert RecordExists(recordId);

        _records[recordId] = slot;
        if (!slot.has(RecordSlots.AUTHORED_BY_PATIENT)) _authors[recordId] = author;
    }

    function _writable(address patient, address author) private view returns (bool byPatient, CompartmentSet set) {
        byPatient = patient != address(0) && _callingPatient() == patient;
        set = byPatient ? CompartmentSet.wrap(type(uint64).max) : CONSENTS.writableBy(patient, author);
    }

    function _callingPatient() private view returns (address) {
        return _represented() ? _representedPatient() : PARTICIPANTS.patientOf(_msgSender());
    }

    function _requireOwn(RecordId recordId, RecordStatus needed)
        private
        view
        returns (RecordSlot slot, address patient)
    {
        patient = _callingPatient();
        slot = _requireOwn(patient, recordId, needed);
    }

    function _requireOwn(address patient, RecordId recordId, RecordStatus needed)
        private
        view
        returns (RecordSlot slot)
    {
        slot = _records[recordId];
        if (patient == address(0) || slot.patient() != patient) revert NotYourRecord(recordId);
        _requireStatus(recordId, slot.status(), needed);
    }

    function _requireStatus(RecordId recordId, RecordStatus actual, RecordStatus needed) private pure {
        if (actual != needed) revert RecordNotInStatus(recordId, actual, needed);
    }

    function _requireCompartment(uint8 compartment) private pure {
        if (compartment > Sets.LAST_COMPARTMENT) revert CompartmentInvalid(compartment);
    }

    function _requireWritable(address author, address patient, uint8 compartment, CompartmentSet writable)
        private
        pure
    {
        if (!writable.has(compartment)) revert NotPermittedToWrite(author, patient, compartment);
    }

    function _requireBatch(uint256 size, uint256 sizeOfSecond) private pure {
        if (size == 0 || size > MAX_BATCH || size != sizeOfSecond) revert BatchSizeInvalid(size, MAX_BATCH);
    }
}
