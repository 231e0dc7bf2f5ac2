// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CompartmentSet, Emergency, EmergencyReason, EmergencyReview} from "../types/Types.sol";
import {IParticipantRegistry} from "./IParticipantRegistry.sol";

/// @title Breaking the glass
/// @notice A clinician reads what a patient marked for emergencies, without a consent and for hours, after others
/// confirmed that there is one; afterwards somebody looks whether there was.
/// @dev An emergency is asked for by a verified clinician with a reason, and opens with the confirmation of as many of
/// the patient's guardians as the patient decided, or with the co-signatures of two other verified clinicians. It ends
/// by itself after `EMERGENCY_PERIOD`, or earlier by the patient's or the clinician's word. `IConsentRegistry.decide`
/// asks here, so keepers do.
///
/// Warning: what was read can't be taken back. Safety needs that not all who confirm collude with the clinician: every
/// one of them is named in an event, and so is every opening, in an entry that is marked. Two clinicians whose
/// credentials look alike count as one person; that one person has one credential is what managers check.
interface IEmergencyAccess {
    /// @notice A patient marked compartments for emergencies.
    /// @param patient The patient's id.
    /// @param compartments The emergency set from now on; empty for none.
    event EmergencySetChanged(address indexed patient, CompartmentSet compartments);

    /// @notice A clinician asked for emergency access. It reads nothing yet.
    /// @param emergencyId The emergency's number, from 1.
    /// @param patient The patient's id.
    /// @param requester The clinician.
    /// @param reason Why.
    /// @param messageDigest SHA-256 of a sealed message on IPFS that says more; zero for none.
    event EmergencyRequested(
        uint64 indexed emergencyId,
        address indexed patient,
        address indexed requester,
        EmergencyReason reason,
        bytes32 messageDigest
    );

    /// @notice Somebody confirmed an emergency.
    /// @param emergencyId The emergency.
    /// @param patient The patient's id.
    /// @param confirmer A guardian of the patient, or another clinician.
    /// @param asGuardian Whether as a guardian.
    event EmergencyConfirmed(
        uint64 indexed emergencyId, address indexed patient, address indexed confirmer, bool asGuardian
    );

    /// @notice An emergency stands: its clinician can open records.
    /// @param emergencyId The emergency.
    /// @param patient The patient's id.
    /// @param requester The clinician.
    /// @param compartments What it may open, as long as the patient's emergency set holds it.
    /// @param endsAt Unix time in seconds from which it stands no more.
    /// @param reviewDueAt Unix time in seconds from which its review is overdue.
    event EmergencyOpened(
        uint64 indexed emergencyId,
        address indexed patient,
        address indexed requester,
        CompartmentSet compartments,
        uint48 endsAt,
        uint48 reviewDueAt
    );

    /// @notice An emergency was ended before its time, or withdrawn before it stood.
    /// @param emergencyId The emergency.
    /// @param patient The patient's id.
    /// @param requester The clinician.
    /// @param byPatient Whether by the patient; else by the clinician.
    event EmergencyEnded(
        uint64 indexed emergencyId, address indexed patient, address indexed requester, bool byPatient
    );

    /// @notice An emergency was reviewed.
    /// @param emergencyId The emergency.
    /// @param patient The patient's id.
    /// @param requester The clinician. Found unjustified by a manager, it is suspended.
    /// @param reviewer The patient's id, or the manager.
    /// @param review What was found.
    event EmergencyReviewed(
        uint64 indexed emergencyId,
        address indexed patient,
        address indexed requester,
        address reviewer,
        EmergencyReview review
    );

    /// @notice Other contracts were there first.
    error BoundAlready();

    /// @notice The caller is no patient.
    /// @param wallet The wallet.
    error NotPatient(address wallet);

    /// @notice The account is no verified clinician, or its verification ended.
    /// @param account The account.
    error NotClinician(address account);

    /// @notice An emergency needs a reason.
    error ReasonMissing();

    /// @notice The patient marked nothing for emergencies, or there is no such patient.
    /// @param patient The account that was named.
    error EmergencySetEmpty(address patient);

    /// @notice The clinician has emergency access to this patient already.
    /// @param emergencyId The emergency that stands.
    error EmergencyStands(uint64 emergencyId);

    /// @notice No emergency awaits confirmation here: unknown, open, ended, replaced by a later one, or too old.
    /// @param emergencyId The emergency.
    error EmergencyNotPending(uint64 emergencyId);

    /// @notice Nobody confirms or reviews themselves.
    /// @param account The account.
    error SelfConfirmation(address account);

    /// @notice The two clinicians may be one person: their credentials look alike. Another clinician can confirm.
    /// @param account Who would confirm.
    /// @param other The clinician who asked, or who confirmed first.
    error SameCredential(address account, address other);

    /// @notice This one confirmed already.
    /// @param account The account.
    error AlreadyConfirmed(address account);

    /// @notice The patient changed its guardians since: the emergency has to be asked for anew, or co-signed.
    /// @param emergencyId The emergency.
    error GuardiansChanged(uint64 emergencyId);

    /// @notice No emergency that stands, or waits, and is the caller's own or about the caller's records.
    /// @param emergencyId The emergency.
    error EmergencyNotYours(uint64 emergencyId);

    /// @notice There is nothing to review, or it was reviewed for good.
    /// @param emergencyId The emergency.
    error NothingToReview(uint64 emergencyId);

    /// @notice The caller does not manage the area of the clinician's.
    /// @param caller Who called.
    /// @param area The area.
    error NotManager(address caller, uint32 area);

    /// @notice Makes `participants`, for good, the registry that is asked.
    /// @param participants Who is who.
    /// @dev The access log calls this as it is deployed, and its deployment fails with `BoundAlready` if another
    /// contract was quicker.
    function bind(IParticipantRegistry participants) external;

    /// @notice Marks the compartments that may be opened in an emergency.
    /// @param compartments The emergency set from now on; empty for none, which ends what stands.
    /// @dev Patients, and their representatives. What is taken out can't be opened from this block on; what is added
    /// counts for emergencies that open later.
    function setEmergencySet(CompartmentSet compartments) external;

    /// @notice Asks for emergency access.
    /// @param patient The patient's id.
    /// @param reason Why, not `None`.
    /// @param messageDigest SHA-256 of a sealed message on IPFS that says more; zero for none.
    /// @return emergencyId The emergency's number.
    /// @dev Verified clinicians only. It has to be confirmed within `REQUEST_WINDOW`; asking anew replaces it.
    ///
    /// Warning: the reason is public. It is a category, and says nothing of the patient's health.
    function requestEmergency(address patient, EmergencyReason reason, bytes32 messageDigest)
        external
        returns (uint64 emergencyId);

    /// @notice Co-signs an emergency of another clinician's. The second co-signature opens it.
    /// @param emergencyId The emergency.
    /// @dev Verified clinicians only, neither the one who asked nor one with a credential like its or the other
    /// co-signer's.
    function coSignEmergency(uint64 emergencyId) external;

    /// @notice Confirms an emergency as a guardian of the patient. It opens with as many as the patient decided.
    /// @param emergencyId The emergency.
    /// @param guardians The patient's guardians, as the patient set them.
    /// @dev Guardians only, and not the clinician who asked.
    function confirmEmergency(uint64 emergencyId, address[] calldata guardians) external;

    /// @notice Ends an emergency, or withdraws one that waits, from this block on.
    /// @param emergencyId The emergency.
    /// @dev The patient, a representative of its, or the clinician.
    function endEmergency(uint64 emergencyId) external;

    /// @notice Says whether an emergency was one.
    /// @param emergencyId The emergency, which was opened.
    /// @param justified Whether it was.
    /// @dev The patient or a representative, once: `Justified`, or `Contested`, which a manager settles. Or a manager
    /// of the area in which the clinician was verified when it asked, unless it is found already; with `Unjustified`
    /// the clinician is suspended in the same call. Nobody who asked or confirmed. Also when it is overdue.
    function reviewEmergency(uint64 emergencyId, bool justified) external;

    /// @notice The emergency set of a patient.
    /// @param patient The patient's id.
    /// @return The compartments; empty for none.
    function emergencySetOf(address patient) external view returns (CompartmentSet);

    /// @notice What `decide` asks: what a clinician may open of a patient's in an emergency.
    /// @param patient The patient's id.
    /// @param requester The clinician.
    /// @return compartments What was marked when it opened and is still; whether it still stands tells `endsAt`.
    /// @return endsAt Unix time in seconds from which it stands no more; zero if none was opened.
    function standingOf(address patient, address requester)
        external
        view
        returns (CompartmentSet compartments, uint48 endsAt);

    /// @notice An emergency; all zero for none.
    /// @param emergencyId Its number.
    /// @return The emergency.
    function emergencyOf(uint64 emergencyId) external view returns (Emergency memory);

    /// @notice How many emergencies were asked for: the last one's number.
    /// @return The number.
    function emergencyCount() external view returns (uint64);

    /// @notice Where an emergency's review stands.
    /// @param emergencyId The emergency.
    /// @return review What was found until now.
    /// @return dueAt Unix time in seconds from which it is overdue; zero if none is due, ever.
    /// @return overdue Whether nobody settled it in time.
    function reviewOf(uint64 emergencyId) external view returns (EmergencyReview review, uint48 dueAt, bool overdue);
}
