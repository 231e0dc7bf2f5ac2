// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ruling} from "../libraries/Ruling.sol";
import {CompartmentSet, Consent, Decision, Purpose, PurposeSet, RecordId} from "../types/Types.sol";
import {IRecordIndex} from "./IRecordIndex.sol";

/// @title Who may read what
/// @notice Standing consents of patients, and `decide`, the one place that says `Permit` or why not. Absent,
/// unknown and expired mean deny.
/// @dev Consents are kept per patient and accessor, one slot each. Requests live in events alone: they give nobody
/// anything.
///
/// Warning: a consent that is revoked stops the next opening. What was read already can't be taken back.
interface IConsentRegistry {
    /// @notice A verified provider asked a patient for consent.
    /// @param patient The patient's id.
    /// @param accessor Who asks.
    /// @param compartments What it asks for.
    /// @param purposes Why.
    /// @param expiresAt Until when, Unix time in seconds.
    /// @param messageDigest SHA-256 of a sealed message on IPFS; zero for none.
    event ConsentRequested(
        address indexed patient,
        address indexed accessor,
        CompartmentSet compartments,
        PurposeSet purposes,
        uint48 expiresAt,
        bytes32 messageDigest
    );

    /// @notice A patient declined what an accessor had asked for.
    /// @param patient The patient's id.
    /// @param accessor Who had asked.
    event RequestDeclined(address indexed patient, address indexed accessor);

    /// @notice A patient gave consent.
    /// @param patient The patient's id.
    /// @param accessor Who may read.
    /// @param consent What, why, and how long.
    event ConsentGranted(address indexed patient, address indexed accessor, Consent consent);

    /// @notice A patient changed a standing consent.
    /// @param patient The patient's id.
    /// @param accessor Who may read.
    /// @param consent What, why, and how long from now on.
    event ConsentAmended(address indexed patient, address indexed accessor, Consent consent);

    /// @notice A patient ended a consent.
    /// @param patient The patient's id.
    /// @param accessor Who may read no more.
    event ConsentRevoked(address indexed patient, address indexed accessor);

    /// @notice A patient ended all consents at once.
    /// @param patient The patient's id.
    /// @param epoch Unix time in seconds: consents given then or earlier count no more.
    event AllConsentsRevoked(address indexed patient, uint48 epoch);

    /// @notice A patient kept one record from an accessor whatever the consent says.
    /// @param recordId The record.
    /// @param patient The patient's id.
    /// @param accessor Who is kept away; zero for everybody but the patient.
    event RecordRestricted(RecordId indexed recordId, address indexed patient, address indexed accessor);

    /// @notice A patient lifted a restriction.
    /// @param recordId The record.
    /// @param patient The patient's id.
    /// @param accessor Who was kept away; zero for everybody but the patient.
    event RestrictionLifted(RecordId indexed recordId, address indexed patient, address indexed accessor);

    /// @notice The caller is no patient.
    /// @param wallet The wallet.
    error NotPatient(address wallet);

    /// @notice The named account is no patient.
    /// @param patient The account that was named.
    error PatientUnknown(address patient);

    /// @notice The caller is no verified provider, or its verification ended.
    /// @param caller Who called.
    error NotVerified(address caller);

    /// @notice A consent names whoever gets it, and never the patient itself.
    /// @param accessor The account that was named.
    error AccessorInvalid(address accessor);

    /// @notice No compartment was named.
    error CompartmentsMissing();

    /// @notice No purpose was named, or one that does not exist.
    /// @param purposes What was named.
    error PurposesInvalid(PurposeSet purposes);

    /// @notice The consent would end before it begins, or has ended already.
    /// @param startsAt When it would begin, Unix time in seconds.
    /// @param expiresAt When it would end, Unix time in seconds.
    error PeriodInvalid(uint48 startsAt, uint48 expiresAt);

    /// @notice A consent stands already: amend it.
    /// @param patient Who gave it.
    /// @param accessor Who holds it.
    error ConsentStands(address patient, address accessor);

    /// @notice The patient revoked all in this very block: what it gives again counts from the next block on.
    /// @param patient The patient.
    error RevokedInThisBlock(address patient);

    /// @notice No consent stands.
    /// @param patient Who would have given it.
    /// @param accessor Who would hold it.
    error ConsentAbsent(address patient, address accessor);

    /// @notice Not the patient's record, or no record at all.
    /// @param recordId The record.
    error NotYourRecord(RecordId recordId);

    /// @notice Only the guardianship may call this.
    /// @param caller Who called.
    error NotGuardianship(address caller);

    /// @notice Asks a patient for consent. Gives nothing.
    /// @param patient The patient's id.
    /// @param compartments What is asked for, not empty.
    /// @param purposes Why, not empty.
    /// @param expiresAt Until when, Unix time in seconds, in the future.
    /// @param messageDigest SHA-256 of a message on IPFS that is sealed to the patient; zero for none.
    /// @dev Verified providers only.
    function requestConsent(
        address patient,
        CompartmentSet compartments,
        PurposeSet purposes,
        uint48 expiresAt,
        bytes32 messageDigest
    ) external;

    /// @notice Declines what an accessor asked for. A consent that stands is not touched.
    /// @param accessor Who had asked.
    /// @dev Patients only.
    function declineRequest(address accessor) external;

    /// @notice Gives consent to an accessor that has none from the caller, or none that stands.
    /// @param accessor Who may read: a provider's address. The verified members of an organisation inherit what it is
    /// given, as long as it vouches for them and counts itself.
    /// @param consent What, why, and how long; `startsAt` may be zero for "now".
    /// @dev Patients only.
    function grantConsent(address accessor, Consent calldata consent) external;

    /// @notice Replaces a standing consent.
    /// @param accessor Who may read.
    /// @param consent What, why, and how long from now on.
    /// @dev Patients only.
    function amendConsent(address accessor, Consent calldata consent) external;

    /// @notice Ends a consent: from this block on the accessor opens nothing of the caller's.
    /// @param accessor Who may read no more.
    /// @dev Patients only. A consent that expired, or that `revokeAll` ended, can still be revoked by name.
    function revokeConsent(address accessor) external;

    /// @notice Ends all consents of the caller, however many there are, at the same cost.
    /// @dev Patients only.
    ///
    /// Warning: what is given in the same block counts as given before, whatever the order: give anew from the next
    /// block on. A first consent to somebody is then in vain without an error, any other reverts.
    function revokeAll() external;

    /// @notice Keeps one record from an accessor, whatever the consent says.
    /// @param recordId The record.
    /// @param accessor Who is kept away, an organisation with all of its members; zero for everybody but the patient.
    /// @dev The record's patient only.
    function restrictRecord(RecordId recordId, address accessor) external;

    /// @notice Lifts such a restriction.
    /// @param recordId The record.
    /// @param accessor Who was kept away; zero for everybody but the patient.
    /// @dev The record's patient only.
    function liftRestriction(RecordId recordId, address accessor) external;

    /// @notice Learns that a patient's id is no wallet of its own any more.
    /// @param patient The patient's id.
    /// @dev The guardianship only. Once is enough, whatever wallets follow.
    function noteMove(address patient) external;

    /// @notice Whether `accessor` may open a record for a purpose now.
    /// @param accessor Who would read.
    /// @param recordId The record.
    /// @param purpose Why.
    /// @return decision `Permit`, or the first reason to deny.
    /// @return patient The patient's id; zero if the record is unknown.
    /// @dev Never reverts for a known purpose. Paths to `Permit`: the record is active, and the accessor either is
    /// its patient, or is verified, unexpired and unsuspended, and it, or the organisation that vouches for it and
    /// counts itself, holds a consent of that patient which stands now and covers the purpose and the compartment,
    /// and nothing restricts the record. Two more are marked in the log: a clinician that counts, whose emergency
    /// stands (`IEmergencyAccess`), reads the emergency set's records for emergency treatment; and so does a standing
    /// representative of the patient (`IGuardianship`) for every purpose, if it is a provider too for `PATRQT`; neither
    /// where the record is restricted.
    /// Reasons are looked for in this order: who asks, the record, the consent.
    function decide(address accessor, RecordId recordId, Purpose purpose)
        external
        view
        returns (Decision decision, address patient);

    /// @notice `decide` for many records at once.
    /// @param accessor Who would read.
    /// @param recordIds The records.
    /// @param purpose Why.
    /// @return rulings For each record, in order, the decision and the patient's id (see `Rulings`).
    /// @return strikes How many of the refusals count as strikes: none that may be an honest race, and one for
    /// records of the same patient that follow each other.
    /// @dev A refusal may be an honest race if the consent, the record's place or state, or a restriction changed
    /// within `RACE_GRACE`. Accessors that don't count as providers collect none.
    function decideAll(address accessor, RecordId[] calldata recordIds, Purpose purpose)
        external
        view
        returns (Ruling[] memory rulings, uint256 strikes);

    /// @notice The compartments of a patient that `accessor` may add records to now, by its own consent or by its
    /// organisation's.
    /// @param patient The patient's id.
    /// @param accessor Who would write.
    /// @return The compartments; empty for none.
    function writableBy(address patient, address accessor) external view returns (CompartmentSet);

    /// @notice Which records exist.
    /// @return The record index.
    function RECORDS() external view returns (IRecordIndex);

    /// @notice A consent as it stands; all zero for none.
    /// @param patient The patient's id.
    /// @param accessor Who may read.
    /// @return The consent.
    function consentOf(address patient, address accessor) external view returns (Consent memory);

    /// @notice When a patient last revoked all consents: those given then or earlier count no more.
    /// @param patient The patient's id.
    /// @return Unix time in seconds; zero for never.
    function epochOf(address patient) external view returns (uint48);

    /// @notice Whether a record is kept from an accessor.
    /// @param recordId The record.
    /// @param accessor The accessor; zero for everybody but the patient.
    /// @return Whether it is.
    function isRestricted(RecordId recordId, address accessor) external view returns (bool);
}
