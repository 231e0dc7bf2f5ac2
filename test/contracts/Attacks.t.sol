// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";

import {IAccessLog} from "../../contracts/interfaces/IAccessLog.sol";
import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {IKeeperView} from "../../contracts/interfaces/IKeeperView.sol";
import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "../../contracts/interfaces/IRecordIndex.sol";
import {
    Application,
    CompartmentSet,
    Consent,
    Decision,
    Opening,
    Purpose,
    PurposeSet,
    RecordId,
    Role
} from "../../contracts/types/Types.sol";
import {Requests} from "./support/Requests.sol";
import {Wallet} from "./support/Wallet.sol";

/// @notice Attacks that like systems fell to, tried here.
contract AttacksTest is Requests {
    Purpose private constant TREATMENT = Purpose.Treatment;

    function setUp() public override {
        super.setUp();
        _enrolAll();
        _addRecord(RECORD, patient, 3);
        _addRecord(OTHER_RECORD, otherPatient, 3);
    }

    function test_P2_OldOpeningAfterRevoke_ReleasesNothing() public {
        _grant(patient, clinician, _consent());
        Opening memory opening = _open(clinician, RECORD, TREATMENT);
        vm.prank(patient);
        consents.revokeConsent(clinician);

        IKeeperView.RecordState memory state = _state(opening);
        vm.assertEq(uint256(state.decision), uint256(Decision.ConsentMissing), "decision");
    }

    function test_Delegate_CannotStripThePatient() public {
        _grant(patient, clinician, _writingConsent());
        bytes[4] memory calls = [
            abi.encodeCall(consents.revokeAll, ()),
            abi.encodeCall(consents.restrictRecord, (RECORD, patient)),
            abi.encodeCall(consents.revokeConsent, (patient)),
            abi.encodeCall(consents.grantConsent, (lab, _consent()))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(clinician);
            (bool succeeded,) = address(consents).call(calls[i]);
            vm.assertEq(succeeded, false, "went through");
        }
        _assertDecision(patient, RECORD, TREATMENT, Decision.Permit);
    }

    /// @dev A delegate who may write gets its own records in, and changes none of the patient's.
    function test_Delegate_CannotTouchThePatientsRecords() public {
        Consent memory consent = _writingConsent();
        consent.compartments = CompartmentSet.wrap(type(uint64).max);
        _grant(patient, clinician, consent);
        RecordId own = RecordId.wrap(keccak256("the delegate's own"));
        vm.prank(clinician);
        records.addRecord(own, patient, 3);
        bytes[6] memory calls = [
            abi.encodeCall(records.rewrapRecord, (RECORD, KEY_HASH)),
            abi.encodeCall(records.moveRecord, (RECORD, 4)),
            abi.encodeCall(records.retireRecord, (RECORD)),
            abi.encodeCall(records.retireRecord, (own)),
            abi.encodeCall(records.supersedeRecord, (own, RECORD)),
            abi.encodeCall(records.supersedeRecord, (RECORD, own))
        ];
        bytes32 before = keccak256(abi.encode(records.recordOf(RECORD)));
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(clinician);
            (bool succeeded,) = address(records).call(calls[i]);
            vm.assertEq(succeeded, false, "went through");
        }
        vm.assertEq(keccak256(abi.encode(records.recordOf(RECORD))), before, "record");
    }

    /// @dev The forwarder takes each signed request once: an old grant doesn't come back after its revocation.
    function test_P2_OldGrantAfterRevoke_IsNotReplayed() public {
        uint256 key = uint256(keccak256("key of a patient"));
        address owner = vm.addr(key);
        _enrolPatient(owner);
        _addRecord(UNKNOWN_RECORD, owner, 3);
        ERC2771Forwarder.ForwardRequestData memory request =
            _signedRequest(key, address(consents), abi.encodeCall(consents.grantConsent, (clinician, _consent())));
        forwarder.execute(request);
        _assertDecision(clinician, UNKNOWN_RECORD, TREATMENT, Decision.Permit);
        vm.prank(owner);
        consents.revokeConsent(clinician);

        vm.expectRevert();
        vm.prank(clinician);
        forwarder.execute(request);
        _assertDecision(clinician, UNKNOWN_RECORD, TREATMENT, Decision.ConsentMissing);
    }

    function test_SelfConfirmedEmergency_OpensNothing() public view {
        _assertDecision(clinician, RECORD, Purpose.EmergencyTreatment, Decision.ConsentMissing);
        _assertDecision(clinician, RECORD, Purpose.BreakTheGlass, Decision.ConsentMissing);
    }

    /// @dev There is no emergency access yet. Whoever confirms himself, by a consent as a patient or as his own
    /// organisation, opens no more than before.
    function test_SelfConfirmedEmergency_IsNoPathThroughOnesOwnConsent() public {
        Consent memory consent = _consent();
        consent.compartments = CompartmentSet.wrap(type(uint64).max);
        consent.purposes = PurposeSet.wrap(0x1ff);
        _enrolPatient(clinician);
        _grant(clinician, lab, consent);
        Application memory own = _application(Role.Clinician);
        own.organisation = clinician;
        vm.prank(clinician);
        participants.registerProvider(own);
        vm.prank(manager);
        participants.verifyProvider(clinician, own, START + 365 days);
        vm.prank(clinician);
        participants.vouchForMembers(_oneAccount(clinician));

        for (uint256 p = 0; p <= uint256(type(Purpose).max); ++p) {
            _assertDecision(clinician, RECORD, Purpose(p), Decision.ConsentMissing);
            _assertDecision(lab, RECORD, Purpose(p), Decision.ConsentMissing);
        }
    }

    /// @dev A patient who is lured into calling somebody's contract gives away nothing: `tx.origin` is asked nowhere.
    function test_TxOrigin_IsNobody() public {
        Wallet lure = new Wallet(patient);
        vm.prank(patient, patient);
        (bool succeeded,) = address(lure)
            .call(
                abi.encodeCall(
                    lure.execute, (address(consents), abi.encodeCall(consents.grantConsent, (lab, _consent())))
                )
            );
        vm.assertEq(succeeded, false, "went through");
        _assertDecision(lab, RECORD, TREATMENT, Decision.ConsentMissing);
    }

    function test_FrontRunPid_CostsItsOwnerANewSaltAndNothingElse() public {
        vm.prank(outsider);
        participants.registerPatient(OTHER_AREA, _pidOf(auditor), PUBLIC_KEY);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.PidTaken.selector, OTHER_AREA, _pidOf(auditor)));
        vm.prank(auditor);
        participants.registerPatient(OTHER_AREA, _pidOf(auditor), PUBLIC_KEY);
        vm.prank(auditor);
        participants.registerPatient(OTHER_AREA, keccak256("another salt"), PUBLIC_KEY);
        vm.assertEq(participants.patientOf(auditor), auditor, "patient");
    }

    function test_CopiedRecordId_OpensNothingAndTheAuthorSealsAnew() public {
        RecordId sealedId = RecordId.wrap(keccak256("envelope in the mempool"));
        _addRecord(sealedId, otherPatient, 3);

        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.RecordExists.selector, sealedId));
        vm.prank(patient);
        records.addRecord(sealedId, patient, 3);

        // Keepers hold patient and author of the envelope against the chain's: the thief's are others.
        IKeeperView.RecordState memory state = _state(_open(otherPatient, sealedId, TREATMENT));
        vm.assertEq(state.patient, otherPatient, "patient");
        vm.assertEq(state.author, otherPatient, "author");
        _addRecord(RecordId.wrap(keccak256("sealed anew")), patient, 3);
    }

    function test_HugeBatches_AreRefused() public {
        uint256 max = log.MAX_BATCH();
        vm.expectRevert(abi.encodeWithSelector(IAccessLog.BatchSizeInvalid.selector, max + 1, max));
        vm.prank(clinician);
        log.openRecords(new RecordId[](max + 1), TREATMENT, KEY_HASH, 0);
        max = records.MAX_BATCH();
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.BatchSizeInvalid.selector, max + 1, max));
        vm.prank(patient);
        records.addRecords(new RecordId[](max + 1), patient, new uint8[](max + 1));
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.BatchSizeInvalid.selector, max + 1, max));
        vm.prank(patient);
        records.acceptRecords(new RecordId[](max + 1), new uint8[](max + 1));
    }

    /// @dev The largest calls fit into a block many times over, whatever they ask for.
    function test_HugeBatches_LeaveRoomInABlock() public {
        RecordId[] memory ids = new RecordId[](log.MAX_BATCH());
        for (uint256 i = 0; i < ids.length; ++i) {
            ids[i] = i % 2 == 0 ? RECORD : OTHER_RECORD;
        }
        uint256 gas = gasleft();
        vm.prank(clinician);
        log.openRecords(ids, TREATMENT, KEY_HASH, 0);
        vm.assertEq(gas - gasleft() < 15_000_000, true, "more than half a block");
    }

    function test_P8_ALogIsNotFilledByOutsiders() public {
        vm.prank(organisation);
        participants.registerProvider(_application(Role.Hospital));
        vm.prank(manager);
        participants.suspendProvider(lab);
        address[7] memory outsiders = [outsider, otherPatient, organisation, lab, manager, auditor, governor];
        for (uint256 i = 0; i < outsiders.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAccessLog.NotParticipant.selector, outsiders[i]));
            vm.prank(outsiders[i]);
            log.openRecords(_one(RECORD), TREATMENT, KEY_HASH, 0);
        }
        (, uint32 count) = log.headOf(patient);
        vm.assertEq(uint256(count), 0, "entries");
    }

    function test_P13_ALogIsNotFilledByAProviderWithoutEnd() public {
        uint256 calls = 0;
        while (participants.isVerified(clinician)) {
            _open(clinician, RECORD, TREATMENT);
            ++calls;
        }
        vm.assertEq(calls, log.STRIKE_LIMIT(), "calls");
    }

    function test_RevokedManager_VerifiesNobody() public {
        uint64 role = participants.managerRole(AREA);
        vm.prank(governor);
        authority.revokeRole(role, manager);
        vm.prank(outsider);
        participants.registerProvider(_application(Role.Clinician));

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotManager.selector, manager, AREA));
        vm.prank(manager);
        participants.verifyProvider(outsider, _application(Role.Clinician), START + 1 days);
    }

    function test_RestrictionsOfOthers_CannotBeCounted() public {
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.NotConsents.selector, patient));
        vm.prank(patient);
        records.noteRestriction(RECORD, true);
        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.NotYourRecord.selector, RECORD));
        vm.prank(otherPatient);
        consents.restrictRecord(RECORD, address(0));
    }

    function _signedRequest(uint256 key, address target, bytes memory data)
        private
        view
        returns (ERC2771Forwarder.ForwardRequestData memory request)
    {
        request = _unsigned(vm.addr(key), target, data);
        request.deadline = START + 1 days;
        request.signature = _sign(key, _actionHash(request, forwarder.nonces(request.from)));
    }

    /// @dev What a keeper sees.
    function _state(Opening memory opening) private view returns (IKeeperView.RecordState memory) {
        (, IKeeperView.RecordState[] memory states) = keeperView.releaseState(opening);
        return states[0];
    }
}
