// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "../../contracts/interfaces/IAccessLog.sol";
import {IEmergencyAccess} from "../../contracts/interfaces/IEmergencyAccess.sol";
import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {
    CompartmentSet,
    Decision,
    Emergency,
    EmergencyReason,
    EmergencyReview,
    Ground,
    ProviderStatus,
    Purpose,
    RecordId,
    Role
} from "../../contracts/types/Types.sol";
import {Care} from "./support/Care.sol";

contract EmergencyAccessTest is Care {
    // The set

    function test_Set_IsThePatientsAlone() public {
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.NotPatient.selector, outsider));
        vm.prank(outsider);
        emergencies.setEmergencySet(SET);
        vm.assertEq(uint256(CompartmentSet.unwrap(emergencies.emergencySetOf(otherPatient))), 0, "nothing by itself");
    }

    // Asking

    function test_Request_TellsAndGivesNothing() public {
        vm.expectEmit(address(emergencies));
        emit IEmergencyAccess.EmergencyRequested(1, patient, requester, EmergencyReason.CannotAnswer, 0);
        vm.assertEq(uint256(_request()), 1, "number");
        _assertEmergency(Decision.ConsentMissing);
    }

    function test_Request_RevertsIf_NoClinician() public {
        _requestRefused(lab, patient, abi.encodeWithSelector(IEmergencyAccess.NotClinician.selector, lab));
        _requestRefused(outsider, patient, abi.encodeWithSelector(IEmergencyAccess.NotClinician.selector, outsider));
        vm.prank(manager);
        participants.suspendProvider(requester);
        _requestRefused(requester, patient, abi.encodeWithSelector(IEmergencyAccess.NotClinician.selector, requester));
    }

    function test_Request_RevertsIf_NothingIsMarked() public {
        bytes memory empty = abi.encodeWithSelector(IEmergencyAccess.EmergencySetEmpty.selector, otherPatient);
        _requestRefused(requester, otherPatient, empty);
        empty = abi.encodeWithSelector(IEmergencyAccess.EmergencySetEmpty.selector, outsider);
        _requestRefused(requester, outsider, empty);
    }

    function test_Request_RevertsIf_NoReason() public {
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.ReasonMissing.selector));
        vm.prank(requester);
        emergencies.requestEmergency(patient, EmergencyReason.None, 0);
    }

    function test_Request_RevertsIf_OneStands() public {
        uint64 id = _openedEmergency();
        _requestRefused(requester, patient, abi.encodeWithSelector(IEmergencyAccess.EmergencyStands.selector, id));
    }

    function test_Request_AnewReplacesTheOneThatWaits() public {
        uint64 first = _request();
        uint64 second = _request();
        _coSignRefused(first, colleague, abi.encodeWithSelector(IEmergencyAccess.EmergencyNotPending.selector, first));
        _coSign(second, colleague);
    }

    // Clinicians who co-sign

    function test_CoSign_TheSecondOpens() public {
        uint64 id = _request();
        vm.expectEmit(address(emergencies));
        emit IEmergencyAccess.EmergencyConfirmed(id, patient, colleague, false);
        _coSign(id, colleague);
        _assertEmergency(Decision.ConsentMissing);

        vm.expectEmit(address(emergencies));
        emit IEmergencyAccess.EmergencyOpened(id, patient, requester, SET, START + 4 hours, START + 7 days);
        _coSign(id, secondColleague);
        _assertEmergency(Decision.Permit);
    }

    function test_CoSign_RevertsIf_OneSelfOrTwice() public {
        uint64 id = _request();
        bytes memory self = abi.encodeWithSelector(IEmergencyAccess.SelfConfirmation.selector, requester);
        _coSignRefused(id, requester, self);
        _coSign(id, colleague);
        bytes memory twice = abi.encodeWithSelector(IEmergencyAccess.AlreadyConfirmed.selector, colleague);
        _coSignRefused(id, colleague, twice);
        _assertEmergency(Decision.ConsentMissing);
    }

    function test_CoSign_RevertsIf_NoClinician() public {
        uint64 id = _request();
        _coSignRefused(id, lab, abi.encodeWithSelector(IEmergencyAccess.NotClinician.selector, lab));
        _coSignRefused(id, patient, abi.encodeWithSelector(IEmergencyAccess.NotClinician.selector, patient));
    }

    function test_CoSign_RevertsIf_TooLate() public {
        uint64 id = _request();
        vm.warp(START + 1 hours);
        _coSignRefused(id, colleague, abi.encodeWithSelector(IEmergencyAccess.EmergencyNotPending.selector, id));
        _coSignRefused(9, colleague, abi.encodeWithSelector(IEmergencyAccess.EmergencyNotPending.selector, uint64(9)));
    }

    function test_CoSign_RevertsIf_TheFirstWasSuspendedSince() public {
        uint64 id = _request();
        _coSign(id, colleague);
        vm.prank(manager);
        participants.suspendProvider(colleague);
        bytes memory gone = abi.encodeWithSelector(IEmergencyAccess.NotClinician.selector, colleague);
        _coSignRefused(id, secondColleague, gone);
    }

    // Guardians who confirm

    function test_Confirm_AsManyAsThePatientDecidedOpen() public {
        uint64 id = _request();
        vm.expectEmit(address(emergencies));
        emit IEmergencyAccess.EmergencyConfirmed(id, patient, guardians[2], true);
        _confirm(id, guardians[2]);
        _assertEmergency(Decision.ConsentMissing);
        _confirm(id, guardians[0]);
        _assertEmergency(Decision.Permit);
        vm.assertEq(uint256(emergencies.emergencyOf(id).guardianConfirmations), 2, "confirmations");
    }

    function test_Confirm_RevertsIf_Twice() public {
        uint64 id = _request();
        _confirm(id, guardians[0]);
        bytes memory twice = abi.encodeWithSelector(IEmergencyAccess.AlreadyConfirmed.selector, guardians[0]);
        vm.expectRevert(twice);
        _confirm(id, guardians[0]);
    }

    function test_Confirm_GuardiansAndClinicianDontAddUp() public {
        uint64 id = _request();
        _confirm(id, guardians[0]);
        _coSign(id, colleague);
        _assertEmergency(Decision.ConsentMissing);
    }

    function test_Confirm_RevertsIf_TheRequesterIsAGuardian() public {
        address[] memory list = _sorted(guardians[0], guardians[1], requester);
        vm.prank(patient);
        guardianship.setGuardians(list, 2);
        uint64 id = _request();
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.SelfConfirmation.selector, requester));
        vm.prank(requester);
        emergencies.confirmEmergency(id, list);
    }

    function test_Confirm_RevertsIf_TheRequesterIsAGuardianAndNoClinicianAnyMore() public {
        address[] memory list = _sorted(guardians[0], guardians[1], requester);
        vm.prank(patient);
        guardianship.setGuardians(list, 2);
        uint64 id = _request();
        vm.prank(manager);
        participants.suspendProvider(requester);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.SelfConfirmation.selector, requester));
        vm.prank(requester);
        emergencies.confirmEmergency(id, list);
    }

    function test_Confirm_RevertsIf_GuardiansChangedSince() public {
        uint64 id = _request();
        vm.prank(patient);
        guardianship.setGuardians(guardians, 3);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.GuardiansChanged.selector, id));
        _confirm(id, guardians[0]);
    }

    // What it gives

    function test_Decide_TheSetThePurposeAndTheRequesterAlone() public {
        _openedEmergency();
        _assertDecision(requester, OTHER_RECORD, ETREAT, Decision.ConsentMissing);
        _assertDecision(requester, RECORD, Purpose.Treatment, Decision.ConsentMissing);
        _assertDecision(requester, RECORD, Purpose.BreakTheGlass, Decision.ConsentMissing);
        _assertDecision(colleague, RECORD, ETREAT, Decision.ConsentMissing);
        _assertDecision(outsider, RECORD, ETREAT, Decision.AccessorUnknown);
    }

    function test_Decide_EndsAtTheVerySecond() public {
        _openedEmergency();
        vm.warp(START + 4 hours - 1);
        _assertEmergency(Decision.Permit);
        vm.warp(START + 4 hours);
        _assertEmergency(Decision.ConsentMissing);
    }

    function test_Decide_WhatIsTakenOutEndsAtOnceAndWhatIsAddedCountsLater() public {
        _openedEmergency();
        vm.prank(patient);
        emergencies.setEmergencySet(CompartmentSet.wrap(0x20));
        _assertEmergency(Decision.ConsentMissing);
        _assertDecision(requester, OTHER_RECORD, ETREAT, Decision.ConsentMissing);
        vm.prank(patient);
        emergencies.setEmergencySet(CompartmentSet.wrap(0x28));
        _assertEmergency(Decision.Permit);
        _assertDecision(requester, OTHER_RECORD, ETREAT, Decision.ConsentMissing);
    }

    function test_Decide_RestrictionHolds() public {
        _openedEmergency();
        vm.prank(patient);
        consents.restrictRecord(RECORD, address(0));
        _assertEmergency(Decision.ConsentMissing);
    }

    function test_Decide_SuspendedReadsNothing() public {
        _openedEmergency();
        vm.prank(manager);
        participants.suspendProvider(requester);
        _assertEmergency(Decision.AccessorSuspended);
    }

    function test_Open_IsMarkedInTheLogAndTheMarkIsInTheHead() public {
        _openedEmergency();
        (bytes28 before,) = log.headOf(patient);
        vm.expectEmit(address(log));
        emit IAccessLog.RecordOpenedOnGround(
            patient, requester, RECORD, 1, ETREAT, START, KEY_HASH, 0, Ground.Emergency
        );
        _open(requester, RECORD, ETREAT);

        (bytes28 head,) = log.headOf(patient);
        bytes memory entry =
            abi.encodePacked(before, uint32(1), RECORD, requester, ETREAT, Decision.Permit, START, KEY_HASH);
        vm.assertEq(bytes32(head), bytes32(bytes28(keccak256(abi.encodePacked(entry, Ground.Emergency)))), "head");
    }

    function test_Open_WithAConsentIsNoEmergency() public {
        _openedEmergency();
        vm.prank(patient);
        consents.grantConsent(requester, _consentFor(ETREAT));
        vm.expectEmit(address(log));
        emit IAccessLog.RecordOpened(patient, requester, RECORD, 1, ETREAT, START, KEY_HASH, 0);
        _open(requester, RECORD, ETREAT);
    }

    // The end

    function test_End_ByThePatientByTheClinicianAndByNobodyElse() public {
        uint64 id = _openedEmergency();
        _endRefused(id, colleague);
        _endRefused(id, otherPatient);
        vm.expectEmit(address(emergencies));
        emit IEmergencyAccess.EmergencyEnded(id, patient, requester, true);
        vm.prank(patient);
        emergencies.endEmergency(id);
        _assertEmergency(Decision.ConsentMissing);
        _endRefused(id, patient);

        id = _openedEmergency();
        vm.prank(requester);
        emergencies.endEmergency(id);
        _assertEmergency(Decision.ConsentMissing);
    }

    function test_End_WithdrawsWhatWaits() public {
        uint64 id = _request();
        vm.prank(patient);
        emergencies.endEmergency(id);
        _coSignRefused(id, colleague, abi.encodeWithSelector(IEmergencyAccess.EmergencyNotPending.selector, id));
    }

    // The review

    function test_Review_ByThePatient() public {
        uint64 id = _openedEmergency();
        vm.expectEmit(address(emergencies));
        emit IEmergencyAccess.EmergencyReviewed(id, patient, requester, patient, EmergencyReview.Justified);
        _review(id, patient, true);
        _reviewRefused(id, manager, abi.encodeWithSelector(IEmergencyAccess.NothingToReview.selector, id));
    }

    function test_Review_ContestedIsSettledByAManager() public {
        uint64 id = _openedEmergency();
        _review(id, patient, false);
        _assertStatus(requester, ProviderStatus.Verified);
        _reviewRefused(id, patient, abi.encodeWithSelector(IEmergencyAccess.NothingToReview.selector, id));
        vm.expectEmit(address(participants));
        emit IParticipantRegistry.ProviderSuspended(requester, manager);
        _review(id, manager, false);
        _assertStatus(requester, ProviderStatus.Suspended);
        _assertEmergency(Decision.AccessorSuspended);
    }

    function test_Review_OfAManagerIsOfTheAreaAlone() public {
        uint64 id = _openedEmergency();
        bytes memory not = abi.encodeWithSelector(IEmergencyAccess.NotManager.selector, otherManager, AREA);
        _reviewRefused(id, otherManager, not);
        not = abi.encodeWithSelector(IEmergencyAccess.NotManager.selector, outsider, AREA);
        _reviewRefused(id, outsider, not);
        _review(id, manager, true);
        _assertStatus(requester, ProviderStatus.Verified);
    }

    function test_Review_RevertsIf_ByWhoAskedOrConfirmed() public {
        _grantRole(participants.managerRole(AREA), requester);
        _grantRole(participants.managerRole(AREA), secondColleague);
        uint64 id = _openedEmergency();
        bytes memory self = abi.encodeWithSelector(IEmergencyAccess.SelfConfirmation.selector, requester);
        _reviewRefused(id, requester, self);
        self = abi.encodeWithSelector(IEmergencyAccess.SelfConfirmation.selector, secondColleague);
        _reviewRefused(id, secondColleague, self);
    }

    function test_Review_RevertsIf_ItNeverOpened() public {
        uint64 id = _request();
        _reviewRefused(id, patient, abi.encodeWithSelector(IEmergencyAccess.NothingToReview.selector, id));
        (, uint48 dueAt, bool overdue) = emergencies.reviewOf(id);
        vm.assertEq(uint256(dueAt), 0, "due");
        vm.assertEq(overdue, false, "overdue");
    }

    function test_Review_OverdueIsVisibleUntilItIsSettled() public {
        uint64 id = _openedEmergency();
        _assertOverdue(id, false);
        _review(id, patient, false);
        vm.warp(START + 7 days - 1);
        _assertOverdue(id, false);
        vm.warp(START + 7 days);
        _assertOverdue(id, true);
        _review(id, manager, true);
        _assertOverdue(id, false);
    }

    function test_Review_WhoAppliedAnewSinceIsNotBroughtBack() public {
        uint64 id = _openedEmergency();
        vm.prank(requester);
        participants.registerProvider(_application(Role.Clinician));
        _review(id, manager, false);
        _assertStatus(requester, ProviderStatus.Applied);
    }

    function test_SuspendForReview_IsForTheEmergenciesAlone() public {
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotEmergencies.selector, manager));
        vm.prank(manager);
        participants.suspendForReview(requester, manager);
    }

    function test_Bind_Once() public {
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.BoundAlready.selector));
        emergencies.bind(participants);
    }

    // P19: whatever the clock and the compartment, an emergency gives its set, within its window.
    function testFuzz_P19_SetAndWindow(uint64 set, uint8 compartment, uint48 time) public {
        vm.assume(set != 0);
        compartment = uint8(_bound(compartment, 0, 63));
        time = uint48(_bound(time, START, START + 1 days));
        vm.prank(patient);
        emergencies.setEmergencySet(CompartmentSet.wrap(set));
        _addRecord(UNKNOWN_RECORD, patient, compartment);
        _openedEmergency();
        vm.warp(time);
        (Decision decision,) = consents.decide(requester, UNKNOWN_RECORD, ETREAT);
        bool within = time < START + 4 hours && (set >> compartment) & 1 == 1;
        vm.assertEq(decision == Decision.Permit, within, "permit");
    }

    function _requestRefused(address account, address whose, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(account);
        emergencies.requestEmergency(whose, EmergencyReason.LifeAtRisk, 0);
    }

    function _coSignRefused(uint64 id, address account, bytes memory reason) private {
        vm.expectRevert(reason);
        _coSign(id, account);
    }

    function _endRefused(uint64 id, address account) private {
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.EmergencyNotYours.selector, id));
        vm.prank(account);
        emergencies.endEmergency(id);
    }

    function _review(uint64 id, address account, bool justified) private {
        vm.prank(account);
        emergencies.reviewEmergency(id, justified);
    }

    function _reviewRefused(uint64 id, address account, bytes memory reason) private {
        vm.expectRevert(reason);
        _review(id, account, true);
    }

    function _assertOverdue(uint64 id, bool expected) private view {
        (, uint48 dueAt, bool overdue) = emergencies.reviewOf(id);
        vm.assertEq(uint256(dueAt), START + 7 days, "due");
        vm.assertEq(overdue, expected, "overdue");
    }
}
