// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PatientContext} from "./PatientContext.sol";
import {IEmergencyAccess} from "./interfaces/IEmergencyAccess.sol";
import {IGuardianship} from "./interfaces/IGuardianship.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {ProviderSlot} from "./libraries/ProviderSlot.sol";
import {CompartmentSet, Emergency, EmergencyReason, EmergencyReview} from "./types/Types.sol";

/// @title EmergencyAccess
/// @notice See `IEmergencyAccess`, which is the manual.
contract EmergencyAccess is IEmergencyAccess, PatientContext {
    /// @dev All that a decision needs, one slot a patient and clinician. `emergencyId` is the latest, open or not.
    struct Standing {
        uint64 compartments;
        uint48 endsAt;
        uint64 emergencyId;
    }

    /// @notice How long an emergency waits for confirmation, in seconds.
    uint256 public constant REQUEST_WINDOW = 1 hours;

    /// @notice How long an emergency stands, in seconds.
    uint256 public constant EMERGENCY_PERIOD = 4 hours;

    /// @notice How long after it opened its review is due, in seconds.
    uint256 public constant REVIEW_WINDOW = 7 days;

    /// @notice Who is who. Zero until it is bound.
    IParticipantRegistry public boundParticipants;

    /// @inheritdoc IEmergencyAccess
    uint64 public emergencyCount;

    mapping(address patient => CompartmentSet) private _sets;
    mapping(address patient => mapping(address requester => Standing)) private _standings;
    mapping(uint64 emergencyId => Emergency) private _emergencies;
    mapping(uint64 emergencyId => mapping(address account => bool)) private _confirmed;

    /// @param guardianship Who acts for patients, and who their guardians are.
    /// @param forwarder Relays signed requests (ERC-2771).
    constructor(address guardianship, address forwarder) PatientContext(guardianship, forwarder) {}

    /// @inheritdoc IEmergencyAccess
    function bind(IParticipantRegistry participants) external {
        if (address(boundParticipants) != address(0)) revert BoundAlready();

        boundParticipants = participants;
    }

    /// @inheritdoc IEmergencyAccess
    function setEmergencySet(CompartmentSet compartments) external {
        address patient = _callingPatient();
        if (patient == address(0)) revert NotPatient(_msgSender());

        _sets[patient] = compartments;

        emit EmergencySetChanged(patient, compartments);
    }

    /// @inheritdoc IEmergencyAccess
    function requestEmergency(address patient, EmergencyReason reason, bytes32 messageDigest)
        external
        returns (uint64 emergencyId)
    {
        address requester = _msgSender();
        ProviderSlot slot = _requireClinician(requester);
        if (reason == EmergencyReason.None) revert ReasonMissing();
        _requireSet(patient);
        Standing storage standing = _standings[patient][requester];
        if (block.timestamp < standing.endsAt) revert EmergencyStands(standing.emergencyId);

        emergencyId = ++emergencyCount;
        standing.emergencyId = emergencyId;
        Emergency storage e = _emergencies[emergencyId];
        e.patient = patient;
        e.requestedAt = uint48(block.timestamp);
        e.reason = reason;
        e.requester = requester;
        e.area = slot.unpack().area;
        e.guardiansRound = _guardianship().roundOf(patient);

        emit EmergencyRequested(emergencyId, patient, requester, reason, messageDigest);
    }

    /// @inheritdoc IEmergencyAccess
    function coSignEmergency(uint64 emergencyId) external {
        address signer = _msgSender();
        Emergency storage e = _requirePending(emergencyId);
        ProviderSlot slot = _requireClinician(signer);
        _requireOther(signer, slot, e.requester);
        address first = e.coSigner;

        _confirm(emergencyId, e, signer, false);

        if (first == address(0)) {
            e.coSigner = signer;
            return;
        }
        // Who was suspended since the first signature confirms nothing.
        _requireClinician(first);
        _requireOther(signer, slot, first);
        _open(emergencyId, e);
    }

    /// @inheritdoc IEmergencyAccess
    function confirmEmergency(uint64 emergencyId, address[] calldata guardians) external {
        address guardian = _msgSender();
        Emergency storage e = _requirePending(emergencyId);
        (, uint8 threshold, uint48 round) = _guardianship().placeOf(e.patient, guardians, guardian);
        if (round != e.guardiansRound) revert GuardiansChanged(emergencyId);
        ProviderSlot slot = boundParticipants.slotOfProvider(guardian);
        if (slot.counts()) _requireOther(guardian, slot, e.requester);
        else if (guardian == e.requester) revert SelfConfirmation(guardian);
        uint8 confirmations = e.guardianConfirmations + 1;

        e.guardianConfirmations = confirmations;
        _confirm(emergencyId, e, guardian, true);

        if (confirmations >= threshold) _open(emergencyId, e);
    }

    /// @inheritdoc IEmergencyAccess
    function endEmergency(uint64 emergencyId) external {
        Emergency storage e = _emergencies[emergencyId];
        address patient = e.patient;
        bool byPatient = patient != address(0) && _callingPatient() == patient;
        bool open = e.openedAt != 0;
        bool live = open ? block.timestamp < e.endsAt : _isPending(emergencyId, e);
        if (!live || (!byPatient && _msgSender() != e.requester)) revert EmergencyNotYours(emergencyId);

        e.endsAt = uint48(block.timestamp);
        if (open) _standings[patient][e.requester].endsAt = uint48(block.timestamp);

        emit EmergencyEnded(emergencyId, patient, e.requester, byPatient);
    }

    /// @inheritdoc IEmergencyAccess
    function reviewEmergency(uint64 emergencyId, bool justified) external {
        Emergency storage e = _emergencies[emergencyId];
        if (e.openedAt == 0) revert NothingToReview(emergencyId);
        address reviewer = _msgSender();
        if (reviewer == e.requester || _confirmed[emergencyId][reviewer]) revert SelfConfirmation(reviewer);
        bool byPatient = _callingPatient() == e.patient;
        EmergencyReview known = e.review;
        bool due = known == EmergencyReview.None || (known == EmergencyReview.Contested && !byPatient);
        if (!due) revert NothingToReview(emergencyId);
        if (!byPatient) _requireManager(reviewer, e.area);

        EmergencyReview found = EmergencyReview.Justified;
        if (!justified) found = byPatient ? EmergencyReview.Contested : EmergencyReview.Unjustified;
        e.review = found;

        emit EmergencyReviewed(emergencyId, e.patient, e.requester, byPatient ? e.patient : reviewer, found);

        if (found == EmergencyReview.Unjustified) boundParticipants.suspendForReview(e.requester, reviewer);
    }

    /// @inheritdoc IEmergencyAccess
    function emergencySetOf(address patient) external view returns (CompartmentSet) {
        return _sets[patient];
    }

    /// @inheritdoc IEmergencyAccess
    function standingOf(address patient, address requester)
        external
        view
        returns (CompartmentSet compartments, uint48 endsAt)
    {
        Standing storage standing = _standings[patient][requester];
        endsAt = standing.endsAt;
        if (endsAt == 0) return (compartments, 0);
        compartments = CompartmentSet.wrap(standing.compartments & CompartmentSet.unwrap(_sets[patient]));
    }

    /// @inheritdoc IEmergencyAccess
    function emergencyOf(uint64 emergencyId) external view returns (Emergency memory) {
        return _emergencies[emergencyId];
    }

    /// @inheritdoc IEmergencyAccess
    function reviewOf(uint64 emergencyId) external view returns (EmergencyReview review, uint48 dueAt, bool overdue) {
        Emergency storage e = _emergencies[emergencyId];
        review = e.review;
        if (e.openedAt == 0) return (review, 0, false);
        dueAt = e.openedAt + uint48(REVIEW_WINDOW);
        bool settled = review == EmergencyReview.Justified || review == EmergencyReview.Unjustified;
        overdue = !settled && block.timestamp >= dueAt;
    }

    function _confirm(uint64 emergencyId, Emergency storage e, address account, bool asGuardian) private {
        if (_confirmed[emergencyId][account]) revert AlreadyConfirmed(account);

        _confirmed[emergencyId][account] = true;

        emit EmergencyConfirmed(emergencyId, e.patient, account, asGuardian);
    }

    function _open(uint64 emergencyId, Emergency storage e) private {
        (address patient, address requester) = (e.patient, e.requester);
        _requireClinician(requester);
        CompartmentSet compartments = _requireSet(patient);
        uint48 endsAt = uint48(block.timestamp + EMERGENCY_PERIOD);

        e.openedAt = uint48(block.timestamp);
        e.endsAt = endsAt;
        _standings[patient][requester] =
            Standing({compartments: CompartmentSet.unwrap(compartments), endsAt: endsAt, emergencyId: emergencyId});

        uint48 reviewDueAt = uint48(block.timestamp + REVIEW_WINDOW);
        emit EmergencyOpened(emergencyId, patient, requester, compartments, endsAt, reviewDueAt);
    }

    function _callingPatient() private view returns (address) {
        return _represented() ? _representedPatient() : boundParticipants.patientOf(_msgSender());
    }

    function _guardianship() private view returns (IGuardianship) {
        return IGuardianship(GUARDIANSHIP);
    }

    function _requirePending(uint64 emergencyId) private view returns (Emergency storage e) {
        e = _emergencies[emergencyId];
        if (!_isPending(emergencyId, e)) revert EmergencyNotPending(emergencyId);
    }

    /// @dev Of several that one clinician asked for, the latest alone can open.
    function _isPending(uint64 emergencyId, Emergency storage e) private view returns (bool) {
        return e.requestedAt != 0 && e.openedAt == 0 && e.endsAt == 0
            && block.timestamp < e.requestedAt + REQUEST_WINDOW
            && _standings[e.patient][e.requester].emergencyId == emergencyId;
    }

    function _requireClinician(address account) private view returns (ProviderSlot slot) {
        slot = boundParticipants.slotOfProvider(account);
        if (!slot.countsAsClinician()) revert NotClinician(account);
    }

    function _requireOther(address account, ProviderSlot slot, address other) private view {
        if (account == other) revert SelfConfirmation(account);
        if (slot.mayBeSamePerson(boundParticipants.slotOfProvider(other))) revert SameCredential(account, other);
    }

    function _requireSet(address patient) private view returns (CompartmentSet compartments) {
        compartments = _sets[patient];
        if (CompartmentSet.unwrap(compartments) == 0) revert EmergencySetEmpty(patient);
    }

    function _requireManager(address caller, uint32 area) private view {
        if (!boundParticipants.isManager(caller, area)) revert NotManager(caller, area);
    }
}
