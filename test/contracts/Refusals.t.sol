// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {IAccessLog} from "../../contracts/interfaces/IAccessLog.sol";
import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {IKeeperSet} from "../../contracts/interfaces/IKeeperSet.sol";
import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "../../contracts/interfaces/IRecordIndex.sol";
import {
    Application,
    CompartmentSet,
    Consent,
    Enrolment,
    Keeper,
    ProviderStatus,
    Purpose,
    PurposeSet,
    RecordId,
    RecordStatus,
    Role,
    Verification,
    Voucher
} from "../../contracts/types/Types.sol";
import {TypedData} from "./support/TypedData.sol";
import {World} from "./support/World.sol";

/// @notice Every function that changes something, with every error that it can end in, by name and with its values.
/// What each error is about is tested beside its function; here none is left out.
contract RefusalsTest is World {
    uint256 private constant KEY = uint256(keccak256("key of a manager and patient"));
    RecordId private constant PENDING = RecordId.wrap(keccak256("pending"));

    address private _signer;
    uint256 private _batch;

    function setUp() public override {
        super.setUp();
        _signer = vm.addr(KEY);
        _grantRole(participants.managerRole(AREA), _signer);
        _enrolAll();
        _addRecord(RECORD, patient, 3);
        _addRecord(OTHER_RECORD, otherPatient, 3);
        vm.prank(lab);
        records.submitRecord(PENDING, patient);
        _grant(patient, clinician, _consent());
        _batch = participants.MAX_PROVIDERS();
    }

    // Participants

    function test_Refusals_OfRegisteringPatients() public {
        bytes memory missing = abi.encodeWithSelector(IParticipantRegistry.PidMissing.selector);
        bytes memory taken = abi.encodeWithSelector(IParticipantRegistry.PidTaken.selector, AREA, _pidOf(patient));
        bytes memory already = abi.encodeWithSelector(IParticipantRegistry.AlreadyPatient.selector, patient);
        _onParticipants(outsider, abi.encodeCall(participants.registerPatient, (AREA, bytes32(0), PUBLIC_KEY)), missing);
        _onParticipants(
            outsider, abi.encodeCall(participants.registerPatient, (AREA, _pidOf(patient), PUBLIC_KEY)), taken
        );
        _onParticipants(
            patient, abi.encodeCall(participants.registerPatient, (AREA, _pidOf(outsider), PUBLIC_KEY)), already
        );
        _onParticipants(
            outsider,
            abi.encodeCall(participants.changePublicKey, (PUBLIC_KEY)),
            abi.encodeWithSelector(IParticipantRegistry.NotPatient.selector, outsider)
        );
    }

    function test_Refusals_OfEnrolling() public {
        Enrolment memory e = Enrolment(_signer, AREA, _pidOf(_signer), PUBLIC_KEY, START);
        _enrols(outsider, e, _signed(e), _notManager(outsider));
        _enrols(manager, e, "", abi.encodeWithSelector(IParticipantRegistry.SignatureInvalid.selector, _signer));
        e.pid = 0;
        _enrols(manager, e, _signed(e), abi.encodeWithSelector(IParticipantRegistry.PidMissing.selector));
        e.pid = _pidOf(patient);
        _enrols(manager, e, _signed(e), abi.encodeWithSelector(IParticipantRegistry.PidTaken.selector, AREA, e.pid));
        e.pid = _pidOf(_signer);
        vm.warp(START + 1);
        _enrols(manager, e, _signed(e), abi.encodeWithSelector(IParticipantRegistry.DeadlinePassed.selector, START));
        vm.warp(START);
        _enrolPatient(_signer);
        bytes memory already = abi.encodeWithSelector(IParticipantRegistry.AlreadyPatient.selector, _signer);
        _enrols(manager, e, _signed(e), already);
    }

    function test_Refusals_OfApplying() public {
        bytes memory missing = abi.encodeWithSelector(IParticipantRegistry.RoleMissing.selector);
        _onParticipants(outsider, abi.encodeCall(participants.registerProvider, (_application(Role.None))), missing);
        vm.prank(manager);
        participants.suspendProvider(lab);
        _onParticipants(
            lab,
            abi.encodeCall(participants.registerProvider, (_application(Role.Lab))),
            _status(lab, ProviderStatus.Suspended, ProviderStatus.Applied)
        );
    }

    function test_Refusals_OfVouchers() public {
        Voucher memory v = Voucher(_signer, _application(Role.Clinician), START + 1, START);
        _redeems(clinician, v, _status(clinician, ProviderStatus.Verified, ProviderStatus.None));
        v.manager = patient;
        _redeems(outsider, v, _notManager(patient));
        v.manager = manager;
        _redeems(outsider, v, abi.encodeWithSelector(IParticipantRegistry.SignatureInvalid.selector, manager));
        v.manager = _signer;
        v.expiresAt = START;
        _redeems(outsider, v, abi.encodeWithSelector(IParticipantRegistry.ExpiryInPast.selector, START));
        v.deadline = START - 1;
        _redeems(outsider, v, abi.encodeWithSelector(IParticipantRegistry.DeadlinePassed.selector, START - 1));
        v.application.role = Role.None;
        _redeems(outsider, v, abi.encodeWithSelector(IParticipantRegistry.RoleMissing.selector));
    }

    function test_Refusals_OfVerifying() public {
        vm.prank(outsider);
        participants.registerProvider(_application(Role.Clinician));
        Verification memory v = Verification(outsider, _application(Role.Clinician), START + 1);
        _verifies(clinician, v, _notManager(clinician));
        v.expiresAt = START;
        _verifies(manager, v, abi.encodeWithSelector(IParticipantRegistry.ExpiryInPast.selector, START));
        v.expiresAt = START + 1;
        v.application.role = Role.Lab;
        _verifies(manager, v, abi.encodeWithSelector(IParticipantRegistry.ApplicationChanged.selector, outsider));
        v.provider = patient;
        _verifies(manager, v, _status(patient, ProviderStatus.None, ProviderStatus.Applied));
        _refusesBatches(manager, participants.verifyProviders.selector);
    }

    function test_Refusals_OfManaging() public {
        bytes memory past = abi.encodeWithSelector(IParticipantRegistry.ExpiryInPast.selector, START);
        _onParticipants(manager, abi.encodeCall(participants.renewProvider, (lab, START)), past);
        bytes[3] memory calls = [
            abi.encodeCall(participants.renewProvider, (lab, START + 1)),
            abi.encodeCall(participants.suspendProvider, (lab)),
            abi.encodeCall(participants.reinstateProvider, (clinician))
        ];
        vm.prank(manager);
        participants.suspendProvider(clinician);
        for (uint256 i = 0; i < calls.length; ++i) {
            _onParticipants(otherManager, calls[i], _notManager(otherManager));
        }
        bytes memory none = _status(outsider, ProviderStatus.None, ProviderStatus.Verified);
        _onParticipants(manager, abi.encodeCall(participants.renewProvider, (outsider, START + 1)), none);
        _onParticipants(manager, abi.encodeCall(participants.suspendProvider, (outsider)), none);
        bytes memory verified = _status(lab, ProviderStatus.Verified, ProviderStatus.Suspended);
        _onParticipants(manager, abi.encodeCall(participants.reinstateProvider, (lab)), verified);
        bytes memory strikes = abi.encodeCall(participants.suspendForStrikes, (outsider));
        _onParticipants(manager, strikes, abi.encodeWithSelector(IParticipantRegistry.NotLog.selector, manager));
        _onParticipants(address(log), strikes, none);
    }

    function test_Refusals_OfMembers() public {
        bytes memory vouch = abi.encodeCall(participants.vouchForMembers, (_oneAccount(clinician)));
        bytes memory drop = abi.encodeCall(participants.dropMembers, (_oneAccount(clinician)));
        bytes memory notYours = abi.encodeWithSelector(IParticipantRegistry.NotYourMember.selector, clinician, lab);
        _onParticipants(lab, vouch, notYours);
        _onParticipants(lab, drop, notYours);
        bytes memory notVerified = abi.encodeWithSelector(IParticipantRegistry.NotVerified.selector, outsider);
        _onParticipants(outsider, vouch, notVerified);
        _onParticipants(
            lab,
            abi.encodeCall(participants.vouchForMembers, (_oneAccount(outsider))),
            _status(outsider, ProviderStatus.None, ProviderStatus.Verified)
        );
        _refusesBatches(lab, participants.vouchForMembers.selector);
        _refusesBatches(lab, participants.dropMembers.selector);
    }

    // Consents

    function test_Refusals_OfRequests() public {
        _requests(clinician, patient, _consent(), "");
        _requests(
            outsider, patient, _consent(), abi.encodeWithSelector(IConsentRegistry.NotVerified.selector, outsider)
        );
        bytes memory unknown = abi.encodeWithSelector(IConsentRegistry.PatientUnknown.selector, outsider);
        _requests(clinician, outsider, _consent(), unknown);
        (Consent[3] memory scopes, bytes[3] memory reasons) = _badScopes();
        for (uint256 i = 0; i < scopes.length; ++i) {
            _requests(clinician, patient, scopes[i], reasons[i]);
        }
        bytes memory notPatient = abi.encodeWithSelector(IConsentRegistry.NotPatient.selector, outsider);
        _onConsents(outsider, abi.encodeCall(consents.declineRequest, (clinician)), notPatient);
    }

    function test_Refusals_OfConsents() public {
        bytes memory notPatient = abi.encodeWithSelector(IConsentRegistry.NotPatient.selector, outsider);
        bytes memory absent = abi.encodeWithSelector(IConsentRegistry.ConsentAbsent.selector, patient, lab);
        _onConsents(outsider, abi.encodeCall(consents.grantConsent, (lab, _consent())), notPatient);
        _onConsents(outsider, abi.encodeCall(consents.amendConsent, (lab, _consent())), notPatient);
        _onConsents(outsider, abi.encodeCall(consents.revokeConsent, (lab)), notPatient);
        _onConsents(outsider, abi.encodeCall(consents.revokeAll, ()), notPatient);
        _onConsents(patient, abi.encodeCall(consents.amendConsent, (lab, _consent())), absent);
        _onConsents(patient, abi.encodeCall(consents.revokeConsent, (lab)), absent);
        (Consent[3] memory scopes, bytes[3] memory reasons) = _badScopes();
        for (uint256 i = 0; i < scopes.length; ++i) {
            _onConsents(patient, abi.encodeCall(consents.grantConsent, (lab, scopes[i])), reasons[i]);
            _onConsents(patient, abi.encodeCall(consents.amendConsent, (clinician, scopes[i])), reasons[i]);
        }
        address[2] memory nobody = [address(0), patient];
        for (uint256 i = 0; i < nobody.length; ++i) {
            bytes memory invalid = abi.encodeWithSelector(IConsentRegistry.AccessorInvalid.selector, nobody[i]);
            _onConsents(patient, abi.encodeCall(consents.grantConsent, (nobody[i], _consent())), invalid);
        }
        bytes memory again = abi.encodeCall(consents.grantConsent, (clinician, _consent()));
        bytes memory stands = abi.encodeWithSelector(IConsentRegistry.ConsentStands.selector, patient, clinician);
        _onConsents(patient, again, stands);
        vm.prank(patient);
        consents.revokeAll();
        _onConsents(patient, again, abi.encodeWithSelector(IConsentRegistry.RevokedInThisBlock.selector, patient));
    }

    function test_Refusals_OfRestrictions() public {
        bytes memory notPatient = abi.encodeWithSelector(IConsentRegistry.NotPatient.selector, outsider);
        bytes memory notYours = abi.encodeWithSelector(IConsentRegistry.NotYourRecord.selector, RECORD);
        bytes memory restrict = abi.encodeCall(consents.restrictRecord, (RECORD, clinician));
        bytes memory lift = abi.encodeCall(consents.liftRestriction, (RECORD, clinician));
        _onConsents(outsider, restrict, notPatient);
        _onConsents(outsider, lift, notPatient);
        _onConsents(otherPatient, restrict, notYours);
        _onConsents(otherPatient, lift, notYours);
        bytes memory note = abi.encodeCall(records.noteRestriction, (RECORD, true));
        _onRecords(patient, note, abi.encodeWithSelector(IRecordIndex.NotConsents.selector, patient));
    }

    // Records

    function test_Refusals_OfAdding() public {
        bytes memory invalid = abi.encodeWithSelector(IRecordIndex.CompartmentInvalid.selector, uint8(64));
        _adds(patient, UNKNOWN_RECORD, 64, invalid);
        _adds(
            clinician,
            UNKNOWN_RECORD,
            3,
            abi.encodeWithSelector(IRecordIndex.NotPermittedToWrite.selector, clinician, patient, uint8(3))
        );
        bytes memory missing = abi.encodeWithSelector(IRecordIndex.RecordIdMissing.selector);
        bytes memory exists = abi.encodeWithSelector(IRecordIndex.RecordExists.selector, RECORD);
        _adds(patient, RecordId.wrap(0), 3, missing);
        _adds(patient, RECORD, 3, exists);
        _onRecords(lab, abi.encodeCall(records.submitRecord, (RecordId.wrap(0), patient)), missing);
        _onRecords(lab, abi.encodeCall(records.submitRecord, (RECORD, patient)), exists);
        _onRecords(
            outsider,
            abi.encodeCall(records.submitRecord, (UNKNOWN_RECORD, patient)),
            abi.encodeWithSelector(IRecordIndex.NotVerified.selector, outsider)
        );
        _onRecords(
            lab,
            abi.encodeCall(records.submitRecord, (UNKNOWN_RECORD, outsider)),
            abi.encodeWithSelector(IRecordIndex.PatientUnknown.selector, outsider)
        );
        _refusesRecordBatches();
    }

    function test_Refusals_OfAnswering() public {
        bytes memory notYours = abi.encodeWithSelector(IRecordIndex.NotYourRecord.selector, PENDING);
        bytes memory active = _recordStatus(RECORD, RecordStatus.Active, RecordStatus.Pending);
        bytes memory accept = abi.encodeCall(records.acceptRecords, (_one(PENDING), _oneNumber(64)));
        _onRecords(patient, accept, abi.encodeWithSelector(IRecordIndex.CompartmentInvalid.selector, uint8(64)));
        _onRecords(otherPatient, accept, notYours);
        _onRecords(patient, abi.encodeCall(records.acceptRecords, (_one(RECORD), _oneNumber(3))), active);
        _onRecords(otherPatient, abi.encodeCall(records.rejectRecord, (PENDING)), notYours);
        _onRecords(patient, abi.encodeCall(records.rejectRecord, (RECORD)), active);
    }

    function test_Refusals_OfChanging() public {
        bytes memory notYours = abi.encodeWithSelector(IRecordIndex.NotYourRecord.selector, RECORD);
        bytes memory pending = _recordStatus(PENDING, RecordStatus.Pending, RecordStatus.Active);
        _onRecords(otherPatient, abi.encodeCall(records.rewrapRecord, (RECORD, KEY_HASH)), notYours);
        _onRecords(otherPatient, abi.encodeCall(records.moveRecord, (RECORD, 4)), notYours);
        _onRecords(otherPatient, abi.encodeCall(records.retireRecord, (RECORD)), notYours);
        _onRecords(patient, abi.encodeCall(records.rewrapRecord, (PENDING, KEY_HASH)), pending);
        _onRecords(patient, abi.encodeCall(records.moveRecord, (PENDING, 4)), pending);
        _onRecords(patient, abi.encodeCall(records.retireRecord, (PENDING)), pending);
        bytes memory missing = abi.encodeWithSelector(IRecordIndex.RecordIdMissing.selector);
        _onRecords(patient, abi.encodeCall(records.rewrapRecord, (RECORD, 0)), missing);
        bytes memory invalid = abi.encodeWithSelector(IRecordIndex.CompartmentInvalid.selector, uint8(64));
        _onRecords(patient, abi.encodeCall(records.moveRecord, (RECORD, 64)), invalid);
    }

    function test_Refusals_OfSuperseding() public {
        RecordId newer = RecordId.wrap(keccak256("newer"));
        _supersedes(patient, PENDING, RECORD, _recordStatus(PENDING, RecordStatus.Pending, RecordStatus.Active));
        _supersedes(patient, RECORD, PENDING, _recordStatus(PENDING, RecordStatus.Pending, RecordStatus.Active));
        _supersedes(
            patient, OTHER_RECORD, RECORD, abi.encodeWithSelector(IRecordIndex.NotYourRecord.selector, OTHER_RECORD)
        );
        _supersedes(
            patient, RECORD, OTHER_RECORD, abi.encodeWithSelector(IRecordIndex.NotYourRecord.selector, OTHER_RECORD)
        );
        bytes memory itself = abi.encodeWithSelector(IRecordIndex.AlreadySuperseded.selector, RECORD);
        _supersedes(patient, RECORD, RECORD, itself);
        _addRecord(newer, patient, 3);
        vm.prank(patient);
        records.supersedeRecord(newer, RECORD);
        _addRecord(UNKNOWN_RECORD, patient, 3);
        _supersedes(patient, UNKNOWN_RECORD, RECORD, itself);
        bytes memory inLine = abi.encodeWithSelector(IRecordIndex.AlreadySuperseded.selector, newer);
        _supersedes(patient, newer, UNKNOWN_RECORD, inLine);
        _accept(PENDING, 3);
        vm.prank(lab);
        records.submitRecord(RecordId.wrap(keccak256("lab's newer")), patient);
        vm.warp(START + 365 days);
        _supersedes(
            lab,
            RecordId.wrap(keccak256("lab's newer")),
            PENDING,
            abi.encodeWithSelector(IRecordIndex.NotVerified.selector, lab)
        );
    }

    // Log and keepers

    function test_Refusals_OfOpening() public {
        RecordId[] memory tooMany = new RecordId[](log.MAX_BATCH() + 1);
        _opens(clinician, new RecordId[](0), KEY_HASH, _batchInvalid(0, log.MAX_BATCH()));
        _opens(clinician, tooMany, KEY_HASH, _batchInvalid(tooMany.length, log.MAX_BATCH()));
        _opens(clinician, _one(RECORD), 0, abi.encodeWithSelector(IAccessLog.KeyHashMissing.selector));
        bytes memory stranger = abi.encodeWithSelector(IAccessLog.NotParticipant.selector, outsider);
        _opens(outsider, _one(RECORD), KEY_HASH, stranger);
        _open(clinician, RECORD, Purpose.Treatment);
        bytes memory taken = abi.encodeWithSelector(IAccessLog.PlaceTaken.selector, uint32(0), START + 1 hours);
        _opens(clinician, _one(RECORD), KEY_HASH, taken);
        bytes memory none = abi.encodeCall(log.placesOf, (clinician, 0, 0));
        _refuses(clinician, address(log), none, _batchInvalid(0, log.MAX_BATCH()));
    }

    function test_Refusals_OfEpochs() public {
        Keeper[] memory two = new Keeper[](2);
        (two[0].operator, two[0].publicKeyHash) = (clinician, KEY_HASH);
        bytes memory unauthorized = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, patient);
        _starts(patient, two, 2, unauthorized);
        _starts(governor, two, 1, abi.encodeWithSelector(IKeeperSet.ThresholdInvalid.selector, 2, uint8(1)));
        _starts(governor, two, 2, abi.encodeWithSelector(IKeeperSet.KeeperInvalid.selector, 1));
        bytes memory unknown = abi.encodeWithSelector(IKeeperSet.EpochUnknown.selector, uint32(1));
        _refuses(patient, address(keepers), abi.encodeCall(keepers.epochOf, (1)), unknown);
        _refuses(patient, address(keepers), abi.encodeCall(keepers.keepersOf, (1)), unknown);
    }

    /// @dev Who has a delay has to schedule first; only the authority itself names another one.
    function test_Refusals_OfGoverning() public {
        vm.prank(governor);
        authority.grantRole(0, manager, 1 days);
        Keeper[] memory none = new Keeper[](0);
        bytes32 operation =
            authority.hashOperation(manager, address(keepers), abi.encodeCall(keepers.startEpoch, (none, 2)));
        _starts(manager, none, 2, abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation));
        bytes memory unauthorized = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, governor);
        _refuses(governor, address(keepers), abi.encodeCall(keepers.setAuthority, (patient)), unauthorized);
        bytes memory invalid = abi.encodeWithSelector(IAccessManaged.AccessManagedInvalidAuthority.selector, patient);
        _refuses(address(authority), address(keepers), abi.encodeCall(keepers.setAuthority, (patient)), invalid);
    }

    // Calls

    function _refuses(address caller, address target, bytes memory call, bytes memory reason) private {
        vm.prank(caller);
        (bool succeeded, bytes memory answer) = target.call(call);
        vm.assertEq(succeeded, false, "went through");
        vm.assertEq(keccak256(answer), keccak256(reason), "another reason");
    }

    function _onParticipants(address caller, bytes memory call, bytes memory reason) private {
        _refuses(caller, address(participants), call, reason);
    }

    function _onConsents(address caller, bytes memory call, bytes memory reason) private {
        _refuses(caller, address(consents), call, reason);
    }

    function _onRecords(address caller, bytes memory call, bytes memory reason) private {
        _refuses(caller, address(records), call, reason);
    }

    function _enrols(address caller, Enrolment memory e, bytes memory signature, bytes memory reason) private {
        _onParticipants(caller, abi.encodeCall(participants.enrolPatient, (e, signature)), reason);
    }

    function _redeems(address caller, Voucher memory v, bytes memory reason) private {
        bytes memory signature = _sign(TypedData.digest(address(participants), caller, v));
        _onParticipants(caller, abi.encodeCall(participants.registerVerifiedProvider, (v, signature)), reason);
    }

    function _verifies(address caller, Verification memory v, bytes memory reason) private {
        Verification[] memory one = new Verification[](1);
        one[0] = v;
        bytes memory call = abi.encodeCall(participants.verifyProvider, (v.provider, v.application, v.expiresAt));
        _onParticipants(caller, call, reason);
        _onParticipants(caller, abi.encodeCall(participants.verifyProviders, (one)), reason);
    }

    /// @dev Empty, and one more than the limit, of zeros: the size is looked at first.
    function _refusesBatches(address caller, bytes4 selector) private {
        bool structs = selector == participants.verifyProviders.selector;
        bytes memory none = structs ? abi.encode(new Verification[](0)) : abi.encode(new address[](0));
        bytes memory many = structs ? abi.encode(new Verification[](_batch + 1)) : abi.encode(new address[](_batch + 1));
        _onParticipants(caller, bytes.concat(selector, none), _batchInvalid(0, _batch));
        _onParticipants(caller, bytes.concat(selector, many), _batchInvalid(_batch + 1, _batch));
    }

    function _refusesRecordBatches() private {
        uint256 max = records.MAX_BATCH();
        uint256[2] memory sizes = [uint256(0), max + 1];
        for (uint256 i = 0; i < sizes.length; ++i) {
            (RecordId[] memory ids, uint8[] memory numbers) = (new RecordId[](sizes[i]), new uint8[](sizes[i]));
            bytes memory invalid = _batchInvalid(sizes[i], max);
            _onRecords(patient, abi.encodeCall(records.addRecords, (ids, patient, numbers)), invalid);
            _onRecords(patient, abi.encodeCall(records.acceptRecords, (ids, numbers)), invalid);
        }
        bytes memory uneven = _batchInvalid(1, max);
        _onRecords(patient, abi.encodeCall(records.addRecords, (_one(RECORD), patient, new uint8[](2))), uneven);
        _onRecords(patient, abi.encodeCall(records.acceptRecords, (_one(RECORD), new uint8[](2))), uneven);
    }

    function _adds(address caller, RecordId recordId, uint8 compartment, bytes memory reason) private {
        _onRecords(caller, abi.encodeCall(records.addRecord, (recordId, patient, compartment)), reason);
        bytes memory many = abi.encodeCall(records.addRecords, (_one(recordId), patient, _oneNumber(compartment)));
        _onRecords(caller, many, reason);
    }

    function _supersedes(address caller, RecordId recordId, RecordId previous, bytes memory reason) private {
        _onRecords(caller, abi.encodeCall(records.supersedeRecord, (recordId, previous)), reason);
    }

    function _opens(address caller, RecordId[] memory ids, bytes32 keyHash, bytes memory reason) private {
        _refuses(caller, address(log), abi.encodeCall(log.openRecords, (ids, Purpose.Treatment, keyHash, 0)), reason);
    }

    function _starts(address caller, Keeper[] memory list, uint8 threshold, bytes memory reason) private {
        _refuses(caller, address(keepers), abi.encodeCall(keepers.startEpoch, (list, threshold)), reason);
    }

    /// @dev Without a reason it goes through.
    function _requests(address caller, address whose, Consent memory c, bytes memory reason) private {
        bytes memory call =
            abi.encodeCall(consents.requestConsent, (whose, c.compartments, c.purposes, c.expiresAt, bytes32(0)));
        if (reason.length != 0) return _onConsents(caller, call, reason);
        vm.prank(caller);
        (bool succeeded,) = address(consents).call(call);
        vm.assertEq(succeeded, true, "refused");
    }

    // Values

    function _badScopes() private view returns (Consent[3] memory scopes, bytes[3] memory reasons) {
        (scopes[0], scopes[1], scopes[2]) = (_consent(), _consent(), _consent());
        scopes[0].compartments = CompartmentSet.wrap(0);
        reasons[0] = abi.encodeWithSelector(IConsentRegistry.CompartmentsMissing.selector);
        scopes[1].purposes = PurposeSet.wrap(0x200);
        reasons[1] = abi.encodeWithSelector(IConsentRegistry.PurposesInvalid.selector, uint16(0x200));
        scopes[2].expiresAt = START;
        reasons[2] = abi.encodeWithSelector(IConsentRegistry.PeriodInvalid.selector, uint48(0), START);
    }

    function _notManager(address caller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParticipantRegistry.NotManager.selector, caller, AREA);
    }

    function _status(address provider, ProviderStatus actual, ProviderStatus needed)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IParticipantRegistry.ProviderNotInStatus.selector, provider, actual, needed);
    }

    function _recordStatus(RecordId recordId, RecordStatus actual, RecordStatus needed)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IRecordIndex.RecordNotInStatus.selector, recordId, actual, needed);
    }

    /// @dev The same error of three contracts.
    function _batchInvalid(uint256 size, uint256 max) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAccessLog.BatchSizeInvalid.selector, size, max);
    }

    function _signed(Enrolment memory e) private view returns (bytes memory) {
        return _sign(TypedData.digest(address(participants), e));
    }

    function _sign(bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, digest);
        return abi.encodePacked(r, s, v);
    }
}
