// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "../../contracts/interfaces/IAccessLog.sol";
import {IGuardianship} from "../../contracts/interfaces/IGuardianship.sol";
import {
    CompartmentSet,
    Decision,
    Ground,
    MinorAppointment,
    Purpose,
    RecordId,
    Role
} from "../../contracts/types/Types.sol";
import {Care} from "./support/Care.sol";

contract RepresentativesTest is Care {
    RecordId private constant FORGED = RecordId.wrap(keccak256("forged"));

    // Appointed by the patient

    function test_Appoint_ReadsAndIsMarked() public {
        _represented();
        vm.expectEmit(address(log));
        emit IAccessLog.RecordOpenedOnGround(
            patient, representative, RECORD, 1, Purpose.PatientRequest, START, KEY_HASH, 0, Ground.Representative
        );
        _open(representative, RECORD, Purpose.PatientRequest);
    }

    function test_Appoint_EndsByDate() public {
        _represented();
        vm.warp(START + 30 days - 1);
        _assertDecision(representative, RECORD, ETREAT, Decision.Permit);
        vm.warp(START + 30 days);
        _assertDecision(representative, RECORD, ETREAT, Decision.AccessorUnknown);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.RepresentationAbsent.selector, patient, representative));
        _act(address(consents), abi.encodeCall(consents.revokeAll, ()));
    }

    function test_End_ByThePatientByTheRepresentativeAndByNobodyElse() public {
        _represented();
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.NotPatient.selector, otherPatient));
        vm.prank(otherPatient);
        guardianship.endRepresentation(patient, representative);
        vm.prank(patient);
        guardianship.endRepresentation(patient, representative);
        _assertDecision(representative, RECORD, ETREAT, Decision.AccessorUnknown);
        _represented();
        vm.prank(representative);
        guardianship.endRepresentation(patient, representative);
        _assertDecision(representative, RECORD, ETREAT, Decision.AccessorUnknown);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.RepresentationAbsent.selector, patient, representative));
        vm.prank(patient);
        guardianship.endRepresentation(patient, representative);
    }

    function test_Appoint_RevertsIf_Invalid() public {
        _appointRefused(
            patient, START + 1, abi.encodeWithSelector(IGuardianship.RepresentativeInvalid.selector, patient)
        );
        _appointRefused(
            address(0), START + 1, abi.encodeWithSelector(IGuardianship.RepresentativeInvalid.selector, address(0))
        );
        uint256 latest = START + 18 * 366 days;
        bytes memory period = abi.encodeWithSelector(IGuardianship.RepresentationPeriodInvalid.selector, START, latest);
        _appointRefused(representative, START, period);
        period = abi.encodeWithSelector(IGuardianship.RepresentationPeriodInvalid.selector, uint48(latest + 1), latest);
        _appointRefused(representative, uint48(latest + 1), period);
        _represented();
        bytes memory stands =
            abi.encodeWithSelector(IGuardianship.RepresentationStands.selector, patient, representative);
        _appointRefused(representative, START + 1, stands);
    }

    // What they do

    function test_Act_SharesAddsAndEndsInThePatientsNameAndSaysSo() public {
        _represented();
        vm.expectEmit(address(guardianship));
        emit IGuardianship.RepresentativeActed(
            patient, representative, address(consents), consents.grantConsent.selector
        );
        _act(address(consents), abi.encodeCall(consents.grantConsent, (clinician, _consent())));
        _assertDecision(clinician, RECORD, Purpose.Treatment, Decision.Permit);
        _act(address(consents), abi.encodeCall(consents.revokeConsent, (clinician)));
        _assertDecision(clinician, RECORD, Purpose.Treatment, Decision.ConsentMissing);
        _act(address(records), abi.encodeCall(records.addRecord, (UNKNOWN_RECORD, patient, 3)));
        vm.assertEq(records.authorOf(UNKNOWN_RECORD), patient, "author");
        _act(address(records), abi.encodeCall(records.moveRecord, (UNKNOWN_RECORD, 4)));
        _act(address(participants), abi.encodeCall(participants.changePublicKey, (KEY_HASH)));
        vm.assertEq(participants.publicKeyHashOf(patient), KEY_HASH, "key");
        _act(address(emergencies), abi.encodeCall(emergencies.setEmergencySet, (CompartmentSet.wrap(1))));
        vm.assertEq(uint256(CompartmentSet.unwrap(emergencies.emergencySetOf(patient))), 1, "set");
    }

    function test_Act_ARefusalIsTheOneThatThePatientWouldGet() public {
        _represented();
        vm.expectRevert(abi.encodeWithSignature("ConsentAbsent(address,address)", patient, lab));
        _act(address(consents), abi.encodeCall(consents.revokeConsent, (lab)));
    }

    function test_P21_Act_NeverWalletGuardiansRepresentativesOrContractsOwnCalls() public {
        _represented();
        _actRefused(address(guardianship), abi.encodeCall(guardianship.offerWallet, (newWallet)));
        _actRefused(address(guardianship), abi.encodeCall(guardianship.setGuardians, (guardians, 2)));
        _actRefused(address(consents), abi.encodeCall(consents.noteMove, (otherPatient)));
        _actRefused(address(participants), abi.encodeCall(participants.moveWallet, (otherPatient, newWallet)));
        _actRefused(address(participants), abi.encodeCall(participants.registerPatient, (AREA, KEY_HASH, 0)));
        _actRefused(address(participants), abi.encodeCall(participants.registerProvider, (_application(Role.Lab))));
        _actRefused(address(forwarder), abi.encodeCall(forwarder.startSession, (newWallet, START + 1 hours)));
        _actRefused(address(log), abi.encodeCall(log.openRecords, (_one(RECORD), Purpose.PatientRequest, KEY_HASH, 0)));
        _actRefused(address(records), abi.encodeCall(consents.revokeAll, ()));
        _actRefused(address(consents), "");
    }

    function test_Act_ReachesNoOtherChart() public {
        _represented();
        _addRecord(UNKNOWN_RECORD, otherPatient, 3);
        vm.expectRevert();
        _act(address(records), abi.encodeCall(records.moveRecord, (UNKNOWN_RECORD, 4)));
        vm.expectRevert();
        _act(address(records), abi.encodeCall(records.addRecord, (FORGED, otherPatient, 3)));
        vm.expectRevert(
            abi.encodeWithSelector(IGuardianship.RepresentationAbsent.selector, otherPatient, representative)
        );
        vm.prank(representative);
        guardianship.actFor(otherPatient, address(consents), abi.encodeCall(consents.revokeAll, ()));
        _assertDecision(representative, UNKNOWN_RECORD, ETREAT, Decision.AccessorUnknown);
    }

    function test_Act_OfAPatientWhoIsAClinicianToo() public {
        // The patient may write to another chart as a clinician. That is nothing a representative does.
        _enrolWith(patient, Role.Clinician, "patient");
        vm.prank(otherPatient);
        consents.grantConsent(patient, _writingConsent());
        _represented();
        vm.expectRevert();
        _act(address(records), abi.encodeCall(records.addRecord, (FORGED, otherPatient, 3)));
    }

    function test_Appoint_AProviderSaysWithThePurposeWhichOfTheTwoItIs() public {
        vm.prank(patient);
        guardianship.appointRepresentative(colleague, START + 1 days);
        _assertDecision(colleague, RECORD, Purpose.Treatment, Decision.ConsentMissing);
        _assertDecision(colleague, RECORD, Purpose.PatientRequest, Decision.Permit);
    }

    function test_Restriction_KeepsARecordFromARepresentative() public {
        _represented();
        vm.prank(patient);
        consents.restrictRecord(RECORD, representative);
        _assertDecision(representative, RECORD, Purpose.PatientRequest, Decision.RecordRestricted);
        _assertDecision(representative, OTHER_RECORD, Purpose.PatientRequest, Decision.Permit);
    }

    function test_ABareCallWithAnIdBehindItIsNobodysRepresentative() public {
        vm.prank(representative);
        (bool succeeded,) = address(consents).call(abi.encodePacked(abi.encodeCall(consents.revokeAll, ()), patient));
        vm.assertEq(succeeded, false, "an id was believed");
    }

    // Appointed by two managers

    function test_Minor_TakesTwoManagersAndTime() public {
        _propose(manager);
        _assertDecision(representative, RECORD, ETREAT, Decision.AccessorUnknown);
        vm.expectEmit(address(guardianship));
        emit IGuardianship.RepresentativeAppointed(patient, representative, START + 3 days, START + 365 days, true);
        _propose(secondManager);
        vm.warp(START + 3 days - 1);
        _assertDecision(representative, RECORD, ETREAT, Decision.AccessorUnknown);
        vm.warp(START + 3 days);
        _assertDecision(representative, RECORD, ETREAT, Decision.Permit);
        _act(address(consents), abi.encodeCall(consents.grantConsent, (clinician, _consent())));
    }

    function test_Minor_RevertsIf_OneManagerTwice() public {
        _propose(manager);
        _proposeRefused(manager, abi.encodeWithSelector(IGuardianship.SameManager.selector, manager));
    }

    function test_Minor_RevertsIf_NotAManagerOfTheArea() public {
        _proposeRefused(otherManager, abi.encodeWithSelector(IGuardianship.NotManager.selector, otherManager, AREA));
        MinorAppointment memory unknown = _minor();
        unknown.pid = KEY_HASH;
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.PatientUnknown.selector, AREA, KEY_HASH));
        vm.prank(manager);
        guardianship.appointForMinor(unknown);
        MinorAppointment memory own = _minor();
        own.representative = manager;
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.RepresentativeInvalid.selector, manager));
        vm.prank(manager);
        guardianship.appointForMinor(own);
    }

    function test_Minor_WhoCeasedToManageCountsNoMore() public {
        _propose(manager);
        uint64 role = participants.managerRole(AREA);
        vm.prank(governor);
        authority.revokeRole(role, manager);
        _propose(secondManager);
        vm.assertEq(guardianship.representationOf(patient, representative).proposedBy, secondManager, "anew");
    }

    function test_Minor_ThePatientEndsItBeforeItBegins() public {
        _propose(manager);
        _propose(secondManager);
        vm.prank(patient);
        guardianship.endRepresentation(patient, representative);
        vm.warp(START + 3 days);
        _assertDecision(representative, RECORD, ETREAT, Decision.AccessorUnknown);
    }

    function test_Minor_AnotherEndIsAnotherProposal() public {
        _propose(manager);
        MinorAppointment memory longer = _minor();
        longer.expiresAt += 1;
        vm.prank(secondManager);
        guardianship.appointForMinor(longer);
        vm.warp(START + 4 days);
        _assertDecision(representative, RECORD, ETREAT, Decision.AccessorUnknown);
    }

    function _propose(address account) private {
        vm.prank(account);
        guardianship.appointForMinor(_minor());
    }

    function _proposeRefused(address account, bytes memory reason) private {
        vm.expectRevert(reason);
        _propose(account);
    }

    function _appointRefused(address account, uint48 expiresAt, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(patient);
        guardianship.appointRepresentative(account, expiresAt);
    }

    function _actRefused(address target, bytes memory call) private {
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.NotForRepresentatives.selector, target, bytes4(call)));
        _act(target, call);
    }
}
