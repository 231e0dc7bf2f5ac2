// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RecordSlot} from "../libraries/RecordSlot.sol";
import {Record, RecordId, RecordStatus} from "../types/Types.sol";

/// @title Which records exist
/// @notice Whose each record is, who wrote it, in which compartment it lies and whether it counts. The record itself
/// is ciphertext on IPFS; nothing here tells what it is.
/// @dev A record is added by its patient, added by a provider whose consent says `mayWrite`, or submitted by any
/// other verified provider and then accepted or rejected by the patient.
interface IRecordIndex {
    /// @notice A record counts from now on.
    /// @param recordId The record.
    /// @param patient Whose it is.
    /// @param author Who wrote it.
    /// @param compartment Where it lies, 0..63.
    event RecordAdded(RecordId indexed recordId, address indexed patient, address indexed author, uint8 compartment);

    /// @notice A provider submitted a record that the patient has yet to accept.
    /// @param recordId The record.
    /// @param patient Whose it would be.
    /// @param author Who wrote it.
    event RecordSubmitted(RecordId indexed recordId, address indexed patient, address indexed author);

    /// @notice The patient accepted a submitted record.
    /// @param recordId The record.
    /// @param patient Whose it is.
    /// @param compartment Where the patient put it, 0..63.
    event RecordAccepted(RecordId indexed recordId, address indexed patient, uint8 compartment);

    /// @notice The patient rejected a submitted record.
    /// @param recordId The record.
    /// @param patient Whose it would have been.
    event RecordRejected(RecordId indexed recordId, address indexed patient);

    /// @notice A record is the newer version of another.
    /// @param recordId The newer version.
    /// @param previous The version before.
    /// @param patient Whose they are.
    event RecordSuperseded(RecordId indexed recordId, RecordId indexed previous, address indexed patient);

    /// @notice A record has another envelope around the same body.
    /// @param recordId The record.
    /// @param patient Whose it is.
    /// @param envelopeDigest SHA-256 of the new envelope.
    event RecordRewrapped(RecordId indexed recordId, address indexed patient, bytes32 envelopeDigest);

    /// @notice A record lies in another compartment.
    /// @param recordId The record.
    /// @param patient Whose it is.
    /// @param compartment Where it lies now, 0..63.
    event RecordMoved(RecordId indexed recordId, address indexed patient, uint8 compartment);

    /// @notice A record ended for good: keepers refuse it and storage drops it.
    /// @param recordId The record.
    /// @param patient Whose it was.
    event RecordRetired(RecordId indexed recordId, address indexed patient);

    /// @notice The zero value is no record.
    error RecordIdMissing();

    /// @notice This record is in the index already.
    /// @param recordId The record.
    error RecordExists(RecordId recordId);

    /// @notice Compartments are numbered 0 to 63.
    /// @param compartment The compartment.
    error CompartmentInvalid(uint8 compartment);

    /// @notice The caller may not add to this compartment of this patient.
    /// @param caller Who called.
    /// @param patient The patient.
    /// @param compartment The compartment.
    error NotPermittedToWrite(address caller, address patient, uint8 compartment);

    /// @notice The caller is no verified provider, or its verification ended.
    /// @param caller Who called.
    error NotVerified(address caller);

    /// @notice The named account is no patient.
    /// @param patient The account that was named.
    error PatientUnknown(address patient);

    /// @notice Not the caller's record, or no record at all.
    /// @param recordId The record.
    error NotYourRecord(RecordId recordId);

    /// @notice The record is not in the state that the call needs.
    /// @param recordId The record.
    /// @param actual Where it stands.
    /// @param needed Where it would have to stand.
    error RecordNotInStatus(RecordId recordId, RecordStatus actual, RecordStatus needed);

    /// @notice The record has a newer version already, or is itself another's: versions form a line.
    /// @param recordId The record.
    error AlreadySuperseded(RecordId recordId);

    /// @notice One call takes 1 to `max` records, and a compartment for each.
    /// @param size How many there were.
    /// @param max How many there may be.
    error BatchSizeInvalid(uint256 size, uint256 max);

    /// @notice Only the consent registry may call this.
    /// @param caller Who called.
    error NotConsents(address caller);

    /// @notice Adds a record that counts at once.
    /// @param recordId SHA-256 of the envelope.
    /// @param patient Whose it is.
    /// @param compartment Where it lies, 0..63.
    /// @dev The patient, or a verified provider whose consent says `mayWrite` for that compartment. The caller is
    /// its author, and the envelope must name the same author, or no keeper releases anything.
    function addRecord(RecordId recordId, address patient, uint8 compartment) external;

    /// @notice Adds several records of one patient; all or none.
    /// @param recordIds SHA-256 of each envelope, 1 to `MAX_BATCH`.
    /// @param patient Whose they are.
    /// @param compartments Where each lies, 0..63.
    /// @dev As `addRecord`.
    function addRecords(RecordId[] calldata recordIds, address patient, uint8[] calldata compartments) external;

    /// @notice Submits a record that the patient has yet to accept.
    /// @param recordId SHA-256 of the envelope.
    /// @param patient Whose it would be.
    /// @dev Verified providers only.
    function submitRecord(RecordId recordId, address patient) external;

    /// @notice Accepts submitted records; all or none.
    /// @param recordIds The records, 1 to `MAX_BATCH`.
    /// @param compartments Where each shall lie, 0..63.
    /// @dev The records' patient only.
    function acceptRecords(RecordId[] calldata recordIds, uint8[] calldata compartments) external;

    /// @notice Rejects a submitted record, for good.
    /// @param recordId The record.
    /// @dev The record's patient only.
    function rejectRecord(RecordId recordId) external;

    /// @notice Says that `recordId` is the newer version of `previous`. Both stay; the older one is shown as such.
    /// @param recordId The newer version, active, with neither an older nor a newer version yet, so that versions form
    /// a line and never a circle.
    /// @param previous The version before, active, not superseded yet.
    /// @dev The patient, or the provider who wrote both and is verified, unsuspended and unexpired.
    function supersedeRecord(RecordId recordId, RecordId previous) external;

    /// @notice Puts another envelope around the same body (new keepers, new key of the patient).
    /// @param recordId The record, active.
    /// @param envelopeDigest SHA-256 of the new envelope.
    /// @dev The record's patient only.
    ///
    /// Warning: the contract can't see bodies. Whoever relies on a re-wrapped record having been written by its
    /// author compares the body's digest with that in the first envelope, whose digest is the record's id.
    function rewrapRecord(RecordId recordId, bytes32 envelopeDigest) external;

    /// @notice Puts a record into another compartment: consents reach it, or reach it no more, from this block on.
    /// @param recordId The record, active.
    /// @param compartment Where it shall lie, 0..63.
    /// @dev The record's patient only.
    function moveRecord(RecordId recordId, uint8 compartment) external;

    /// @notice Ends a record for good.
    /// @param recordId The record, active.
    /// @dev The record's patient only.
    ///
    /// Warning: it can't be undone. Who has read the record keeps what they saw.
    function retireRecord(RecordId recordId) external;

    /// @notice Counts a restriction that begins or ends to stand, so that a decision looks for one only where there is.
    /// @param recordId The record.
    /// @param stands Whether it begins or ends.
    /// @dev The consent registry only.
    function noteRestriction(RecordId recordId, bool stands) external;

    /// @notice A record as it stands; all zero for none.
    /// @param recordId The record.
    /// @return The record.
    function recordOf(RecordId recordId) external view returns (Record memory);

    /// @notice What a decision needs to know of a record, in one word.
    /// @param recordId The record.
    /// @return The record as it is stored (see `RecordSlots`); zero for none.
    function slotOfRecord(RecordId recordId) external view returns (RecordSlot);

    /// @notice The versions next to a record.
    /// @param recordId The record.
    /// @return previous The version before; zero for none.
    /// @return next The version after; zero for none.
    function versionsOf(RecordId recordId) external view returns (RecordId previous, RecordId next);

    /// @notice Who wrote a record; zero for none.
    /// @param recordId The record.
    /// @return The author's address.
    function authorOf(RecordId recordId) external view returns (address);

    /// @notice SHA-256 of a record's current envelope; zero for no record.
    /// @param recordId The record.
    /// @return The digest.
    function envelopeOf(RecordId recordId) external view returns (bytes32);
}
