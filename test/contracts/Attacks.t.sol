// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "../../contracts/interfaces/IAccessLog.sol";
import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {IKeeperView} from "../../contracts/interfaces/IKeeperView.sol";
import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "../../contracts/interfaces/IRecordIndex.sol";
import {Decision, Opening, Purpose, RecordId, Role} from "../../contracts/types/Types.sol";
import {Wallet} from "./support/Wallet.sol";
import {World} from "./support/World.sol";

/// @notice Attacks that like systems fell to, tried here.
contract AttacksTest is World {
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

    function test_SelfConfirmedEmergency_OpensNothing() public view {
        _assertDecision(clinician, RECORD, Purpose.EmergencyTreatment, Decision.ConsentMissing);
        _assertDecision(clinician, RECORD, Purpose.BreakTheGlass, Decision.ConsentMissing);
    }

    /// @dev A patient who is lured into calling somebody's contract gives away nothing: `tx.origin` is asked nowhere.
    function test_TxOrigin_IsNobody() public {
        Wallet lure = new Wallet(patient);
        vm.prank(patient);
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

    /// @dev What a keeper sees.
    function _state(Opening memory opening) private view returns (IKeeperView.RecordState memory) {
        (, IKeeperView.RecordState[] memory states) = keeperView.releaseState(opening);
        return states[0];
    }
}
