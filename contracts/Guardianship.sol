// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IEmergencyAccess} from "./interfaces/IEmergencyAccess.sol";
import {IGuardianship} from "./interfaces/IGuardianship.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {RepresentedCalls} from "./libraries/RepresentedCalls.sol";
import {MinorAppointment, Representation, WalletMove} from "./types/Types.sol";

/// @title Guardianship
/// @notice See `IGuardianship`, which is the manual.
contract Guardianship is IGuardianship, ERC2771Context {
    /// @dev A patient's guardians, one slot. 192 bits of a hash leave no second list to be found.
    struct Circle {
        bytes24 digest;
        uint8 threshold;
        uint8 size;
        uint48 round;
    }

    /// @notice How many guardians a patient has at most.
    uint256 public constant MAX_GUARDIANS = 7;

    /// @notice How long the wallet until now can object, in seconds.
    uint256 public constant OBJECTION_PERIOD = 3 days;

    /// @notice Within what time enough guardians, or the second manager, have to approve, in seconds.
    uint256 public constant APPROVAL_WINDOW = 7 days;

    /// @notice How long a wallet that is ready may wait before it takes over, in seconds.
    uint256 public constant TAKE_WINDOW = 14 days;

    /// @notice How long a representation lasts at most, in seconds.
    uint256 public constant MAX_REPRESENTATION = 18 * 366 days;

    /// @notice Who is who. Zero until it is bound.
    IParticipantRegistry public boundParticipants;

    /// @notice Who may read what. Zero until it is bound.
    IConsentRegistry public boundConsents;

    /// @notice Which records exist. Zero until it is bound.
    address public boundRecords;

    /// @notice The emergencies. Zero until it is bound.
    IEmergencyAccess public boundEmergencies;

    mapping(address patient => Circle) private _circles;
    mapping(address patient => mapping(address wallet => WalletMove)) private _moves;
    mapping(address patient => mapping(address representative => Representation)) private _representations;

    /// @param forwarder Relays signed requests (ERC-2771).
    constructor(address forwarder) ERC2771Context(forwarder) {}

    /// @inheritdoc IGuardianship
    function bind(IParticipantRegistry participants, IConsentRegistry consents, IEmergencyAccess emergencies) external {
        if (address(boundParticipants) != address(0)) revert BoundAlready();

        boundParticipants = participants;
        boundConsents = consents;
        boundRecords = address(consents.RECORDS());
        boundEmergencies = emergencies;
    }

    /// @inheritdoc IGuardianship
    function setGuardians(address[] calldata guardians, uint8 threshold) external {
        address wallet = _msgSender();
        address patient = _callingPatient();
        uint256 size = guardians.length;
        bool none = size == 0 && threshold == 0;
        if (!none && (size > MAX_GUARDIANS || threshold < 2 || threshold > size)) {
            revert GuardiansInvalid(size, threshold);
        }
        uint48 round = _circles[patient].round + 1;
        address last = address(0);
        for (uint256 i = 0; i < size; ++i) {
            address guardian = guardians[i];
            if (guardian <= last || guardian == wallet || guardian == patient) revert GuardianInvalid(guardian);
            last = guardian;
            emit GuardianAppointed(patient, guardian, round);
        }

        _circles[patient] = Circle({
            digest: none ? bytes24(0) : _digest(guardians), threshold: threshold, size: uint8(size), round: round
        });

        emit GuardiansChanged(patient, guardians, threshold, round);
    }

    /// @inheritdoc IGuardianship
    function approveWallet(address patient, address wallet, address[] calldata guardians) external {
        address guardian = _msgSender();
        (uint8 place, uint8 threshold, uint48 round) = placeOf(patient, guardians, guardian);
        _requireFree(wallet);
        for (uint256 i = 0; i < guardians.length; ++i) {
            if (guardians[i] == wallet) revert WalletInvalid(wallet);
        }
        WalletMove memory move = _moves[patient][wallet];
        if (!_isLive(patient, move)) move = WalletMove(uint48(block.timestamp), 0, round, 0);
        if (move.readyAt != 0) revert MoveReady(move.readyAt);
        uint8 own = uint8(1 << place);
        if (move.approvals & own != 0) revert AlreadyApproved(guardian);

        move.approvals |= own;
        uint8 approvals = _count(move.approvals);
        if (approvals >= threshold) move.readyAt = uint48(block.timestamp + OBJECTION_PERIOD);
        _moves[patient][wallet] = move;

        emit WalletApproved(patient, wallet, guardian, approvals, move.readyAt);
    }

    /// @inheritdoc IGuardianship
    function objectToWallet(address wallet) external {
        address patient = _callingPatient();
        if (!_isLive(patient, _moves[patient][wallet])) revert MoveAbsent(patient, wallet);

        uint48 round = ++_circles[patient].round;

        emit WalletObjected(patient, wallet, round);
    }

    /// @inheritdoc IGuardianship
    function offerWallet(address wallet) external {
        address patient = _callingPatient();
        _requireFree(wallet);

        uint48 now_ = uint48(block.timestamp);
        _moves[patient][wallet] = WalletMove(now_, now_, _circles[patient].round, 0);

        emit WalletOffered(patient, wallet);
    }

    /// @inheritdoc IGuardianship
    function takeWallet(address patient) external {
        address wallet = _msgSender();
        WalletMove memory move = _moves[patient][wallet];
        if (!_isLive(patient, move)) revert MoveAbsent(patient, wallet);
        if (move.readyAt == 0 || block.timestamp < move.readyAt) revert MoveNotReady(move.readyAt);

        delete _moves[patient][wallet];
        ++_circles[patient].round;

        boundConsents.noteMove(patient);
        boundParticipants.moveWallet(patient, wallet);
    }

    /// @inheritdoc IGuardianship
    function appointRepresentative(address representative, uint48 expiresAt) external {
        address patient = _callingPatient();
        if (representative == _msgSender()) revert RepresentativeInvalid(representative);
        _requireRepresentable(patient, representative, expiresAt);

        uint48 now_ = uint48(block.timestamp);
        _representations[patient][representative] = Representation(address(0), now_, expiresAt);

        emit RepresentativeAppointed(patient, representative, now_, expiresAt, false);
    }

    /// @inheritdoc IGuardianship
    function appointForMinor(MinorAppointment calldata a) external {
        address manager = _msgSender();
        if (!boundParticipants.isManager(manager, a.area)) revert NotManager(manager, a.area);
        address patient = boundParticipants.patientAt(a.area, a.pid);
        if (patient == address(0)) revert PatientUnknown(a.area, a.pid);
        if (a.representative == manager || a.representative == boundParticipants.walletOf(patient)) {
            revert RepresentativeInvalid(a.representative);
        }
        _requireRepresentable(patient, a.representative, a.expiresAt);
        Representation memory proposed = _representations[patient][a.representative];
        bool awaited = proposed.proposedBy != address(0) && proposed.expiresAt == a.expiresAt
            && block.timestamp < proposed.startsAt + APPROVAL_WINDOW
            && boundParticipants.isManager(proposed.proposedBy, a.area);
        if (!awaited) {
            _representations[patient][a.representative] = Representation(manager, uint48(block.timestamp), a.expiresAt);
            emit RepresentativeProposed(patient, a.representative, manager, a.expiresAt);
            return;
        }
        if (proposed.proposedBy == manager) revert SameManager(manager);

        uint48 startsAt = uint48(block.timestamp + OBJECTION_PERIOD);
        _representations[patient][a.representative] = Representation(address(0), startsAt, a.expiresAt);

        emit RepresentativeAppointed(patient, a.representative, startsAt, a.expiresAt, true);
    }

    /// @inheritdoc IGuardianship
    function endRepresentation(address patient, address representative) external {
        address caller = _msgSender();
        if (_representations[patient][representative].expiresAt == 0) {
            revert RepresentationAbsent(patient, representative);
        }
        if (caller != representative && _callingPatient() != patient) revert NotPatient(caller);

        delete _representations[patient][representative];

        emit RepresentationEnded(patient, representative);
    }

    /// @inheritdoc IGuardianship
    function actFor(address patient, address target, bytes calldata call) external {
        address representative = _msgSender();
        if (!isRepresentative(patient, representative)) revert RepresentationAbsent(patient, representative);
        bytes4 selector = bytes4(call);
        if (target != _targetOf(selector)) revert NotForRepresentatives(target, selector);

        emit RepresentativeActed(patient, representative, target, selector);

        // Whatever the target answers, also a refusal, is the answer here.
        // solhint-disable-next-line avoid-low-level-calls
        (bool succeeded, bytes memory answer) = target.call(bytes.concat(call, bytes20(patient)));
        if (!succeeded) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    /// @inheritdoc IGuardianship
    function guardiansOf(address patient) external view returns (bytes24 digest, uint8 threshold, uint8 size) {
        Circle memory circle = _circles[patient];
        return (circle.digest, circle.threshold, circle.size);
    }

    /// @inheritdoc IGuardianship
    function roundOf(address patient) external view returns (uint48 round) {
        return _circles[patient].round;
    }

    /// @inheritdoc IGuardianship
    function moveOf(address patient, address wallet) external view returns (WalletMove memory move) {
        WalletMove memory stored = _moves[patient][wallet];
        if (_isLive(patient, stored)) move = stored;
    }

    /// @inheritdoc IGuardianship
    function representationOf(address patient, address representative) external view returns (Representation memory) {
        return _representations[patient][representative];
    }

    /// @inheritdoc IGuardianship
    function isRepresentative(address patient, address representative) public view returns (bool) {
        Representation memory r = _representations[patient][representative];
        return r.proposedBy == address(0) && block.timestamp >= r.startsAt && block.timestamp < r.expiresAt;
    }

    /// @inheritdoc IGuardianship
    function placeOf(address patient, address[] calldata guardians, address account)
        public
        view
        returns (uint8 place, uint8 threshold, uint48 round)
    {
        Circle memory circle = _circles[patient];
        if (circle.size == 0 || guardians.length != circle.size || _digest(guardians) != circle.digest) {
            revert GuardiansWrong(patient);
        }
        while (place < circle.size && guardians[place] != account) {
            ++place;
        }
        if (place == circle.size) revert NotGuardian(account, patient);
        return (place, circle.threshold, circle.round);
    }

    function _callingPatient() private view returns (address patient) {
        address wallet = _msgSender();
        patient = boundParticipants.patientOf(wallet);
        if (patient == address(0)) revert NotPatient(wallet);
    }

    function _requireFree(address wallet) private view {
        if (wallet == address(0) || !boundParticipants.isFree(wallet)) revert WalletInvalid(wallet);
    }

    function _requireRepresentable(address patient, address representative, uint48 expiresAt) private view {
        if (representative == address(0) || representative == patient) revert RepresentativeInvalid(representative);
        uint256 latest = block.timestamp + MAX_REPRESENTATION;
        if (expiresAt <= block.timestamp || expiresAt > latest) revert RepresentationPeriodInvalid(expiresAt, latest);
        Representation memory r = _representations[patient][representative];
        if (r.proposedBy == address(0) && block.timestamp < r.expiresAt) {
            revert RepresentationStands(patient, representative);
        }
    }

    /// @dev Of this round, and not too old: for guardians to approve, or for the wallet to take over.
    function _isLive(address patient, WalletMove memory move) private view returns (bool) {
        if (move.startedAt == 0 || move.round != _circles[patient].round) return false;
        uint256 last = move.readyAt == 0 ? move.startedAt + APPROVAL_WINDOW : move.readyAt + TAKE_WINDOW;
        return block.timestamp < last;
    }

    /// @dev The one contract where this call is something that patients do, and representatives for them; zero for
    /// none.
    function _targetOf(bytes4 selector) private view returns (address) {
        if (RepresentedCalls.isOfConsents(selector)) return address(boundConsents);
        if (RepresentedCalls.isOfRecords(selector)) return boundRecords;
        if (RepresentedCalls.isOfEmergencies(selector)) return address(boundEmergencies);
        return RepresentedCalls.isOfParticipants(selector) ? address(boundParticipants) : address(0);
    }

    function _digest(address[] calldata guardians) private pure returns (bytes24) {
        return bytes24(keccak256(abi.encode(guardians)));
    }

    function _count(uint8 approvals) private pure returns (uint8 number) {
        for (; approvals != 0; approvals &= approvals - 1) {
            ++number;
        }
    }
}
