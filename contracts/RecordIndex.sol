// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "./interfaces/IRecordIndex.sol";
import {Sets} from "./libraries/Sets.sol";
import {Record, RecordId, RecordStatus} from "./types/Types.sol";

/// @title RecordIndex
/// @notice See `IRecordIndex`, which is the manual.
contract RecordIndex is IRecordIndex {
    /// @notice Who is who.
    IParticipantRegistry public immutable PARTICIPANTS;

    /// @notice Who may write what.
    IConsentRegistry public immutable CONSENTS;

    mapping(RecordId recordId => Record) private _records;
    // Only of records that a provider wrote: a patient's own need no second slot.
    mapping(RecordId recordId => address author) private _authors;
    // Only of records that were re-wrapped: until then the id is the digest.
    mapping(RecordId recordId => bytes32 envelopeDigest) private _envelopes;

    /// @param participants Who is who.
    /// @param consents Who may write what.
    constructor(IParticipantRegistry participants, IConsentRegistry consents) {
        PARTICIPANTS = participants;
        CONSENTS = consents;
    }

    /// @inheritdoc IRecordIndex
    function addRecord(RecordId recordId, address patient, uint8 compartment) external {
        bool byPatient = PARTICIPANTS.patientOf(msg.sender) == patient && patient != address(0);
        _requireCompartment(compartment);
        if (!byPatient && !CONSENTS.mayWrite(patient, msg.sender, compartment)) {
            revert NotPermittedToWrite(msg.sender, patient, compartment);
        }

        _create(recordId, patient, compartment, RecordStatus.Active, byPatient);

        emit RecordAdded(recordId, patient, msg.sender, compartment);
    }

    /// @inheritdoc IRecordIndex
    function submitRecord(RecordId recordId, address patient) external {
        if (!PARTICIPANTS.isVerified(msg.sender)) revert NotVerified(msg.sender);
        if (PARTICIPANTS.patientOf(patient) == address(0)) revert PatientUnknown(patient);

        _create(recordId, patient, 0, RecordStatus.Pending, false);

        emit RecordSubmitted(recordId, patient, msg.sender);
    }

    /// @inheritdoc IRecordIndex
    function acceptRecord(RecordId recordId, uint8 compartment) external {
        Record storage record = _requireOwn(recordId, RecordStatus.Pending);
        _requireCompartment(compartment);

        record.status = RecordStatus.Active;
        record.compartment = compartment;

        emit RecordAccepted(recordId, record.patient, compartment);
    }

    /// @inheritdoc IRecordIndex
    function rejectRecord(RecordId recordId) external {
        Record storage record = _requireOwn(recordId, RecordStatus.Pending);

        record.status = RecordStatus.Rejected;

        emit RecordRejected(recordId, record.patient);
    }

    /// @inheritdoc IRecordIndex
    function supersedeRecord(RecordId recordId, RecordId previous) external {
        Record storage older = _records[previous];
        Record storage newer = _records[recordId];
        bool byPatient = PARTICIPANTS.patientOf(msg.sender) == older.patient && older.patient != address(0);
        // Providers only: a patient's id is an address too, of a wallet that the patient may have left.
        bool byAuthor = _authors[previous] == msg.sender && _authors[recordId] == msg.sender;
        if (!byPatient && !byAuthor) revert NotYourRecord(previous);
        if (!byPatient && !PARTICIPANTS.isVerified(msg.sender)) revert NotVerified(msg.sender);
        if (newer.patient != older.patient) revert NotYourRecord(recordId);
        _requireStatus(recordId, newer.status, RecordStatus.Active);
        _requireStatus(previous, older.status, RecordStatus.Active);
        if (older.superseded || RecordId.unwrap(recordId) == RecordId.unwrap(previous)) {
            revert AlreadySuperseded(previous);
        }
        if (newer.superseded) revert AlreadySuperseded(recordId);

        older.superseded = true;

        emit RecordSuperseded(recordId, previous, older.patient);
    }

    /// @inheritdoc IRecordIndex
    function rewrapRecord(RecordId recordId, bytes32 envelopeDigest) external {
        if (envelopeDigest == 0) revert RecordIdMissing();
        Record storage record = _requireOwn(recordId, RecordStatus.Active);

        record.rewrapped = true;
        _envelopes[recordId] = envelopeDigest;

        emit RecordRewrapped(recordId, record.patient, envelopeDigest);
    }

    /// @inheritdoc IRecordIndex
    function retireRecord(RecordId recordId) external {
        Record storage record = _requireOwn(recordId, RecordStatus.Active);

        record.status = RecordStatus.Retired;

        emit RecordRetired(recordId, record.patient);
    }

    /// @inheritdoc IRecordIndex
    function recordOf(RecordId recordId) external view returns (Record memory) {
        return _records[recordId];
    }

    /// @inheritdoc IRecordIndex
    function placeOf(RecordId recordId)
        external
        view
        returns (address patient, uint8 compartment, RecordStatus status)
    {
        Record storage record = _records[recordId];
        return (record.patient, record.compartment, record.status);
    }

    /// @inheritdoc IRecordIndex
    function envelopeOf(RecordId recordId) external view returns (bytes32) {
        Record storage record = _records[recordId];
        if (record.status == RecordStatus.None) return 0;
        return record.rewrapped ? _envelopes[recordId] : RecordId.unwrap(recordId);
    }

    /// @inheritdoc IRecordIndex
    function authorOf(RecordId recordId) public view returns (address) {
        Record storage record = _records[recordId];
        return record.authoredByPatient ? record.patient : _authors[recordId];
    }

    function _create(RecordId recordId, address patient, uint8 compartment, RecordStatus status, bool byPatient)
        private
    {
        if (RecordId.unwrap(recordId) == 0) revert RecordIdMissing();
        if (_records[recordId].status != RecordStatus.None) revert RecordExists(recordId);

        _records[recordId] = Record({
            patient: patient,
            compartment: compartment,
            status: status,
            authoredByPatient: byPatient,
            rewrapped: false,
            superseded: false
        });
        if (!byPatient) _authors[recordId] = msg.sender;
    }

    function _requireOwn(RecordId recordId, RecordStatus needed) private view returns (Record storage record) {
        record = _records[recordId];
        if (record.patient == address(0) || PARTICIPANTS.patientOf(msg.sender) != record.patient) {
            revert NotYourRecord(recordId);
        }
        _requireStatus(recordId, record.status, needed);
    }

    function _requireStatus(RecordId recordId, RecordStatus actual, RecordStatus needed) private pure {
        if (actual != needed) revert RecordNotInStatus(recordId, actual, needed);
    }

    function _requireCompartment(uint8 compartment) private pure {
        if (compartment > Sets.LAST_COMPARTMENT) revert CompartmentInvalid(compartment);
    }
}
