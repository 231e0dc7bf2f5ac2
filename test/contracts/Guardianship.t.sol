// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {IGuardianship} from "../../contracts/interfaces/IGuardianship.sol";
import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {Decision, Purpose, RecordId} from "../../contracts/types/Types.sol";
import {Care} from "./support/Care.sol";

contract GuardianshipTest is Care {
    Purpose private constant TREATMENT = Purpose.Treatment;

    // Guardians

    function test_SetGuardians_IsThePatientsAlone() public {
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.NotPatient.selector, outsider));
        vm.prank(outsider);
        guardianship.setGuardians(guardians, 2);
        (, uint8 threshold, uint8 size) = guardianship.guardiansOf(patient);
        vm.assertEq(uint256(threshold), 2, "threshold");
        vm.assertEq(uint256(size), 3, "size");
    }

    function test_SetGuardians_RevertsIf_OneAloneCouldDoIt() public {
        _setRefused(guardians, 1, abi.encodeWithSelector(IGuardianship.GuardiansInvalid.selector, 3, uint8(1)));
        _setRefused(guardians, 4, abi.encodeWithSelector(IGuardianship.GuardiansInvalid.selector, 3, uint8(4)));
        _setRefused(guardians, 0, abi.encodeWithSelector(IGuardianship.GuardiansInvalid.selector, 3, uint8(0)));
        address[] memory eight = new address[](8);
        _setRefused(eight, 2, abi.encodeWithSelector(IGuardianship.GuardiansInvalid.selector, 8, uint8(2)));
    }

    function test_SetGuardians_RevertsIf_TwiceOrOneself() public {
        address[] memory list = guardians;
        list[1] = list[0];
        _setRefused(list, 2, abi.encodeWithSelector(IGuardianship.GuardianInvalid.selector, list[0]));
        list = _sorted(guardians[0], guardians[1], patient);
        _setRefused(list, 2, abi.encodeWithSelector(IGuardianship.GuardianInvalid.selector, patient));
        list = new address[](2);
        list[1] = guardians[0];
        _setRefused(list, 2, abi.encodeWithSelector(IGuardianship.GuardianInvalid.selector, address(0)));
    }

    function test_SetGuardians_None() public {
        vm.prank(patient);
        guardianship.setGuardians(new address[](0), 0);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.GuardiansWrong.selector, patient));
        _approve(guardians[0]);
        address[] memory nobody = new address[](0);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.GuardiansWrong.selector, patient));
        vm.prank(guardians[0]);
        guardianship.approveWallet(patient, newWallet, nobody);
    }

    // The road of guardians

    function test_Recovery_TakesEnoughGuardiansAndTime() public {
        _approve(guardians[0]);
        _takeRefused(newWallet, abi.encodeWithSelector(IGuardianship.MoveNotReady.selector, uint48(0)));
        vm.expectEmit(address(guardianship));
        emit IGuardianship.WalletApproved(patient, newWallet, guardians[2], 2, START + 3 days);
        _approve(guardians[2]);
        vm.warp(START + 3 days - 1);
        _takeRefused(newWallet, abi.encodeWithSelector(IGuardianship.MoveNotReady.selector, START + 3 days));
        vm.warp(START + 3 days);
        vm.expectEmit(address(participants));
        emit IParticipantRegistry.WalletChanged(patient, patient, newWallet);
        vm.prank(newWallet);
        guardianship.takeWallet(patient);
        vm.assertEq(participants.patientOf(newWallet), patient, "new");
        vm.assertEq(participants.patientOf(patient), address(0), "old");
        vm.assertEq(participants.walletOf(patient), newWallet, "wallet");
        vm.assertEq(participants.patientAt(AREA, _pidOf(patient)), patient, "area and pid");
        vm.assertEq(participants.publicKeyHashOf(patient), PUBLIC_KEY, "key");
    }

    function test_Recovery_AllFollowsAndTheOldWalletIsNobodys() public {
        _grant(patient, clinician, _consent());
        _recovered();
        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);
        _assertDecision(newWallet, OTHER_RECORD, TREATMENT, Decision.Permit);
        _assertDecision(patient, RECORD, TREATMENT, Decision.AccessorUnknown);

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.NotPatient.selector, patient));
        vm.prank(patient);
        consents.revokeConsent(clinician);
        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.NotPatient.selector, patient));
        vm.prank(patient);
        consents.revokeAll();

        vm.prank(newWallet);
        consents.revokeConsent(clinician);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.ConsentMissing);
        vm.prank(newWallet);
        records.moveRecord(RECORD, 9);
        _addRecordAs(newWallet, UNKNOWN_RECORD);
        vm.assertEq(records.authorOf(UNKNOWN_RECORD), patient, "the author is the patient's id");
        vm.prank(newWallet);
        participants.changePublicKey(KEY_HASH);
        vm.assertEq(participants.publicKeyHashOf(patient), KEY_HASH, "key");
        _open(newWallet, RECORD, Purpose.PatientRequest);
    }

    function test_Recovery_OverAndOverLeavesOneWallet() public {
        _recovered();
        address third = _actor("third");
        vm.prank(newWallet);
        guardianship.offerWallet(third);
        vm.prank(third);
        guardianship.takeWallet(patient);
        vm.assertEq(participants.patientOf(third), patient, "third");
        vm.assertEq(participants.patientOf(newWallet), address(0), "second");
        vm.assertEq(participants.patientOf(patient), address(0), "first");
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.WalletInvalid.selector, newWallet));
        vm.prank(third);
        guardianship.offerWallet(newWallet);
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.AlreadyPatient.selector, newWallet));
        vm.prank(newWallet);
        participants.registerPatient(AREA, KEY_HASH, 0);
    }

    function test_Recovery_RevertsIf_TheWalletIsSomebodys() public {
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.WalletInvalid.selector, otherPatient));
        vm.prank(guardians[0]);
        guardianship.approveWallet(patient, otherPatient, guardians);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.WalletInvalid.selector, guardians[1]));
        vm.prank(guardians[0]);
        guardianship.approveWallet(patient, guardians[1], guardians);
        // Who became a patient in the meantime stays that patient.
        vm.warp(_recovering());
        vm.prank(newWallet);
        participants.registerPatient(AREA, KEY_HASH, 0);
        _takeRefused(newWallet, abi.encodeWithSelector(IParticipantRegistry.AlreadyPatient.selector, newWallet));
    }

    function test_Recovery_GoesStale() public {
        _approve(guardians[0]);
        vm.warp(START + 7 days);
        _approve(guardians[1]);
        vm.assertEq(uint256(guardianship.moveOf(patient, newWallet).readyAt), 0, "one of two, anew");
        _approve(guardians[0]);
        vm.warp(block.timestamp + 3 days + 14 days);
        _takeRefused(newWallet, abi.encodeWithSelector(IGuardianship.MoveAbsent.selector, patient, newWallet));
    }

    function test_Recovery_RevertsIf_TwiceByOneOrNotNeeded() public {
        _approve(guardians[0]);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.AlreadyApproved.selector, guardians[0]));
        _approve(guardians[0]);
        _approve(guardians[1]);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.MoveReady.selector, START + 3 days));
        _approve(guardians[2]);
    }

    function test_Object_RevertsIf_NothingIsUnderWay() public {
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.MoveAbsent.selector, patient, newWallet));
        vm.prank(patient);
        guardianship.objectToWallet(newWallet);
    }

    function test_Recovery_CostsTheSameWhateverThePatientHas() public {
        // Both worlds in one transaction, so that nothing is warm in one of them alone.
        setUp();
        uint256 gas = _gasOfRecovery();
        setUp();
        for (uint256 i = 0; i < 40; ++i) {
            _addRecord(RecordId.wrap(keccak256(abi.encode(i))), patient, 3);
            _grant(patient, address(uint160(1000 + i)), _consent());
        }
        vm.assertEq(_gasOfRecovery(), gas, "gas");
    }

    // The patient's own road

    function test_Offer_AtOnce() public {
        vm.expectEmit(address(guardianship));
        emit IGuardianship.WalletOffered(patient, newWallet);
        vm.prank(patient);
        guardianship.offerWallet(newWallet);
        vm.assertEq(participants.patientOf(newWallet), address(0), "not before it takes over");
        vm.prank(newWallet);
        guardianship.takeWallet(patient);
        vm.assertEq(participants.patientOf(newWallet), patient, "patient");
    }

    function test_Offer_CanBeTakenBack() public {
        vm.prank(patient);
        guardianship.offerWallet(newWallet);
        vm.prank(patient);
        guardianship.objectToWallet(newWallet);
        _takeRefused(newWallet, abi.encodeWithSelector(IGuardianship.MoveAbsent.selector, patient, newWallet));
    }

    function test_Move_IsForTheGuardianshipAlone() public {
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotGuardianship.selector, manager));
        vm.prank(manager);
        participants.moveWallet(patient, newWallet);
        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.NotGuardianship.selector, manager));
        vm.prank(manager);
        consents.noteMove(patient);
    }

    function test_Move_RevertsIf_ThereIsNoSuchPatient() public {
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotPatient.selector, newWallet));
        vm.prank(address(guardianship));
        participants.moveWallet(newWallet, manager);
    }

    function test_Bind_Once() public {
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.BoundAlready.selector));
        guardianship.bind(participants, consents, emergencies);
    }

    // A public key that looks like a wallet's slot is none.
    function testFuzz_P20_NoKeyMakesAWalletOfAnother(uint8 kind, address whose) public {
        bytes32 forged = bytes32((uint256(kind) << 160) | uint160(whose));
        vm.prank(outsider);
        participants.registerPatient(AREA, KEY_HASH, forged);
        vm.assertEq(participants.patientOf(outsider), outsider, "patient");
        vm.assertEq(participants.publicKeyHashOf(outsider), bytes32(0), "no key");
        vm.prank(outsider);
        participants.changePublicKey(forged);
        vm.assertEq(participants.patientOf(outsider), outsider, "patient");
    }

    function _gasOfRecovery() private returns (uint256 used) {
        vm.warp(_recovering());
        vm.prank(newWallet);
        used = gasleft();
        guardianship.takeWallet(patient);
        used -= gasleft();
    }

    function _addRecordAs(address wallet, RecordId recordId) private {
        vm.prank(wallet);
        records.addRecord(recordId, patient, 3);
    }

    function _setRefused(address[] memory list, uint8 threshold, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(patient);
        guardianship.setGuardians(list, threshold);
    }

    function _takeRefused(address wallet, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(wallet);
        guardianship.takeWallet(patient);
    }
}
