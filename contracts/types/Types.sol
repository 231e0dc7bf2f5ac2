// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice SHA-256 digest of a record's first envelope, which is also the digest in its IPFS address.
type RecordId is bytes32;

/// @notice Set of compartments: bit c stands for compartment c (0..63). What a number means is known to the
/// patient alone.
type CompartmentSet is uint64;

/// @notice Set of purposes of use: bit p stands for `Purpose(p)`.
type PurposeSet is uint16;

/// @notice Why somebody reads. HL7 v3-ActReason, value set PurposeOfUse
/// (https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html); the codes stand in the comments.
enum Purpose {
    Treatment, // TREAT
    EmergencyTreatment, // ETREAT
    BreakTheGlass, // BTG
    Payment, // HPAYMT
    Operations, // HOPERAT
    Research, // HRESCH
    PatientRequest, // PATRQT
    PublicHealth, // PUBHLTH
    Coverage // COVERAGE
}

/// @notice What a provider is.
enum Role {
    None,
    Clinician,
    Lab,
    Pharmacy,
    Hospital,
    Insurer,
    PublicHealth,
    Researcher
}

/// @notice Where a provider stands. Only `Verified` counts, and only before its expiry.
enum ProviderStatus {
    None,
    Applied,
    Verified,
    Suspended
}

/// @notice Where a record stands. Only `Active` can be opened.
enum RecordStatus {
    None,
    Pending,
    Active,
    Rejected,
    Retired
}

/// @notice Outcome of `decide`: `Permit`, or the one reason to deny. The zero value denies.
enum Decision {
    RecordUnknown,
    Permit,
    RecordNotActive,
    AccessorUnknown,
    AccessorNotVerified,
    AccessorSuspended,
    AccessorExpired,
    ConsentMissing,
    ConsentNotYetValid,
    ConsentExpired,
    PurposeNotConsented,
    CompartmentNotConsented,
    RecordRestricted
}

/// @notice On what ground an opening was permitted. What is not ordinary is marked in its entry of the log.
enum Ground {
    // The patient's own record, or a consent.
    Ordinary,
    Emergency,
    Representative
}

/// @notice Why a clinician asks for emergency access. Categories alone: nothing of the patient's health.
enum EmergencyReason {
    None,
    CannotAnswer, // The patient can't be asked.
    LifeAtRisk, // Waiting for the patient's consent would endanger life or health.
    DangerToOthers // Other people are in danger.
}

/// @notice What was found of an emergency. `Contested` is the patient's word, which a manager settles.
enum EmergencyReview {
    None,
    Justified,
    Contested,
    Unjustified
}

/// @notice One emergency: asked for, opened, ended, reviewed.
/// @param patient Whose compartments (the patient's stable id).
/// @param requestedAt Unix time in seconds at which it was asked for; zero for none.
/// @param reason Why.
/// @param review What was found.
/// @param guardianConfirmations How many guardians confirmed.
/// @param requester The clinician who asked, the only one who reads.
/// @param area The area in which it was verified then, whose managers review.
/// @param openedAt Unix time in seconds at which it was confirmed; zero for not yet.
/// @param coSigner The first clinician who co-signed; zero for none yet.
/// @param endsAt Unix time in seconds from which it stands no more; zero while it waits.
/// @param guardiansRound Which of the patient's lists of guardians may confirm.
struct Emergency {
    address patient;
    uint48 requestedAt;
    EmergencyReason reason;
    EmergencyReview review;
    uint8 guardianConfirmations;
    address requester;
    uint32 area;
    uint48 openedAt;
    address coSigner;
    uint48 endsAt;
    uint48 guardiansRound;
}

/// @notice A patient's way to another wallet, offered by the patient or under way by its guardians.
/// @param startedAt Unix time in seconds at which it began; zero for none.
/// @param readyAt Unix time in seconds from which the new wallet may take over; zero while guardians are missing.
/// @param round In which of the patient's rounds it began: an older one counts no more.
/// @param approvals Bit i stands for the guardian at place i of the patient's list.
struct WalletMove {
    uint48 startedAt;
    uint48 readyAt;
    uint48 round;
    uint8 approvals;
}

/// @notice Whom two managers appoint to represent a minor.
/// @param area The patient's area, which both manage.
/// @param pid The patient's pid there.
/// @param representative Who is to act in the patient's name.
/// @param expiresAt Unix time in seconds from which it does no more.
struct MinorAppointment {
    uint32 area;
    bytes32 pid;
    address representative;
    uint48 expiresAt;
}

/// @notice One who acts in a patient's name.
/// @param proposedBy The manager who proposed it, while a second one is awaited; zero otherwise.
/// @param startsAt Unix time in seconds from which it stands; of a proposal the time at which it was made.
/// @param expiresAt Unix time in seconds from which it stands no more; zero for none.
struct Representation {
    address proposedBy;
    uint48 startsAt;
    uint48 expiresAt;
}

/// @notice What a provider applies with.
/// @param role What it says it is.
/// @param area The area whose manager is asked.
/// @param organisation The organisation it says it belongs to; zero for none.
/// @param credentialHash Hash of the credential document that the manager checks.
struct Application {
    Role role;
    uint32 area;
    address organisation;
    bytes32 credentialHash;
}

/// @notice What a manager verifies: exactly this application of exactly this provider.
/// @param provider Its address.
/// @param application What the manager read; must be what the provider applied with last.
/// @param expiresAt Unix time in seconds from which it counts no more.
struct Verification {
    address provider;
    Application application;
    uint48 expiresAt;
}

/// @notice What a manager signs (EIP-712) so that a provider registers and is verified in one call.
/// @param manager Who signed, a manager of the application's area.
/// @param application What the provider is verified as.
/// @param expiresAt Unix time in seconds from which it counts no more.
/// @param deadline Unix time in seconds until which the voucher can be used.
struct Voucher {
    address manager;
    Application application;
    uint48 expiresAt;
    uint48 deadline;
}

/// @notice What a patient signs (EIP-712, or ERC-1271 from a smart-contract wallet) so that a manager enrols it.
/// @param patient The patient's wallet, whose address becomes the patient's id.
/// @param area The area, chosen by the patient.
/// @param pid The salted commitment that names the patient in the area.
/// @param publicKeyHash SHA-256 of the patient's public key; zero for none yet.
/// @param deadline Unix time in seconds until which it can be used.
struct Enrolment {
    address patient;
    uint32 area;
    bytes32 pid;
    bytes32 publicKeyHash;
    uint48 deadline;
}

/// @notice A provider as the registry holds it: one slot (see `ProviderSlots`).
/// @param role What it is.
/// @param status Where it stands. The other fields are zero until it was verified.
/// @param area The area whose manager verifies it.
/// @param expiresAt Unix time in seconds from which it counts no more.
/// @param organisation The organisation it says it belongs to; zero for none.
/// @param vouched Whether that organisation says so too: only then it inherits the organisation's consents.
struct Provider {
    Role role;
    ProviderStatus status;
    uint32 area;
    uint48 expiresAt;
    address organisation;
    bool vouched;
}

/// @notice A consent. The registry holds it in one slot (see `ConsentSlots`).
/// @param compartments What may be read.
/// @param purposes Why it may be read.
/// @param startsAt Unix time in seconds from which it stands.
/// @param expiresAt Unix time in seconds from which it stands no more.
/// @param mayWrite Whether the accessor may also add records to these compartments.
struct Consent {
    CompartmentSet compartments;
    PurposeSet purposes;
    uint48 startsAt;
    uint48 expiresAt;
    bool mayWrite;
}

/// @notice A record as it stands. The index holds it in one slot (see `RecordSlots`).
/// @param patient Whose record it is (the patient's stable id).
/// @param compartment The compartment it lies in, 0..63.
/// @param status Where it stands.
/// @param authoredByPatient Whether the patient is the author, so that no second slot is needed.
/// @param rewrapped Whether the current envelope differs from the first one.
/// @param superseded Whether a newer version names it as the one before.
/// @param supersedes Whether it is the newer version of another.
struct Record {
    address patient;
    uint8 compartment;
    RecordStatus status;
    bool authoredByPatient;
    bool rewrapped;
    bool superseded;
    bool supersedes;
}

/// @notice One opening as an accessor presents it to a keeper. Its hash stands in the access log.
/// @param accessor Who opened.
/// @param place The place it takes among the accessor's openings.
/// @param purpose Why.
/// @param openedAt Unix time in seconds of the block it stands in.
/// @param keyHash SHA-256 of the one-time public key that shares are sealed to.
/// @param recordIds The records that were permitted, in the order of the call.
struct Opening {
    address accessor;
    uint32 place;
    Purpose purpose;
    uint48 openedAt;
    bytes32 keyHash;
    RecordId[] recordIds;
}

/// @notice One keeper's seat in an epoch.
/// @param operator Who runs it; this is the keeper's id.
/// @param publicKeyHash SHA-256 of its HPKE public key.
/// @param endpoint Base URL of its service.
struct Keeper {
    address operator;
    bytes32 publicKeyHash;
    string endpoint;
}
