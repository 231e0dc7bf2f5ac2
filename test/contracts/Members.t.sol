// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {
    CompartmentSet,
    Consent,
    Decision,
    Provider,
    ProviderStatus,
    Purpose,
    RecordId,
    Role
} from "../../contracts/types/Types.sol";
import {World} from "./support/World.sol";

/// @notice Organisations and their members, and consents that end all at once.
contract MembersTest is World {
    Purpose private constant TREATMENT = Purpose.Treatment;

    function setUp() public override {
        super.setUp();
        _enrolAll();
        _addRecord(RECORD, patient, 3);
        _enrolMember();
    }

    function test_P15_Inherit_NeedsBothSidesAndEndsWithEither() public {
        _grant(patient, organisation, _consent());
        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);
        _assertDecision(organisation, RECORD, TREATMENT, Decision.Permit);
        _assertDecision(lab, RECORD, TREATMENT, Decision.ConsentMissing);

        vm.expectEmit(address(participants));
        emit IParticipantRegistry.MemberDropped(organisation, clinician);
        _drop(clinician);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.ConsentMissing);

        vm.expectEmit(address(participants));
        emit IParticipantRegistry.MemberVouched(organisation, clinician);
        _vouch(clinician);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);

        // Who applies anew is a member no more.
        vm.prank(clinician);
        participants.registerProvider(_application(Role.Clinician));
        vm.prank(manager);
        participants.verifyProvider(clinician, _application(Role.Clinician), START + 365 days);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.ConsentMissing);
    }

    function test_P15_Inherit_EndsWhileTheOrganisationDoesNotCount() public {
        _grant(patient, organisation, _consent());

        vm.prank(manager);
        participants.suspendProvider(organisation);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.ConsentMissing);
        vm.prank(manager);
        participants.reinstateProvider(organisation);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);
    }

    function test_P15_Inherit_EndsWhileTheMemberDoesNotCount() public {
        _grant(patient, organisation, _consent());

        vm.prank(manager);
        participants.suspendProvider(clinician);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.AccessorSuspended);
    }

    function test_Inherit_GivesTheReasonOfTheOwnConsentIfThereIsOne() public {
        Consent memory research = _consent();
        research.purposes = _only(Purpose.Research);
        _grant(patient, organisation, research);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.PurposeNotConsented);

        Consent memory elsewhere = _consent();
        elsewhere.compartments = CompartmentSet.wrap(1);
        _grant(patient, clinician, elsewhere);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.CompartmentNotConsented);
        _assertDecision(clinician, RECORD, Purpose.Research, Decision.Permit);
    }

    function test_Restrict_AnOrganisationKeepsItsMembersAway() public {
        _grant(patient, organisation, _consent());
        _grant(patient, clinician, _consent());
        _grant(patient, lab, _consent());

        vm.prank(patient);
        consents.restrictRecord(RECORD, organisation);

        _assertDecision(clinician, RECORD, TREATMENT, Decision.RecordRestricted);
        _assertDecision(organisation, RECORD, TREATMENT, Decision.RecordRestricted);
        _assertDecision(lab, RECORD, TREATMENT, Decision.Permit);
    }

    function test_WritableBy_JoinsOwnAndInherited() public {
        Consent memory writing = _writingConsent();
        writing.compartments = CompartmentSet.wrap(0x0f);
        _grant(patient, organisation, writing);
        vm.assertEq(_writable(), 0x0f, "inherited");

        writing.compartments = CompartmentSet.wrap(0xf0);
        _grant(patient, clinician, writing);
        vm.assertEq(_writable(), 0xff, "joined");

        _drop(clinician);
        vm.assertEq(_writable(), 0xf0, "own");
    }

    function test_Membership_SurvivesSuspensionAndRenewal() public {
        vm.prank(manager);
        participants.suspendProvider(clinician);
        vm.prank(manager);
        participants.reinstateProvider(clinician);
        vm.prank(manager);
        participants.renewProvider(clinician, START + 500 days);

        Provider memory p = participants.providerOf(clinician);
        vm.assertEq(p.vouched, true, "vouched");
        vm.assertEq(p.organisation, organisation, "organisation");
        vm.assertEq(uint256(p.status), uint256(ProviderStatus.Verified), "status");
    }

    function test_Vouch_RevertsIf_TheProviderNamedAnotherOrNone() public {
        _expectNotYourMember(lab, organisation);
        _vouch(lab);
    }

    function test_Vouch_RevertsIf_TheMemberIsNotVerified() public {
        vm.prank(clinician);
        participants.registerProvider(_application(Role.Clinician));
        vm.expectRevert(
            abi.encodeWithSelector(
                IParticipantRegistry.ProviderNotInStatus.selector,
                clinician,
                ProviderStatus.Applied,
                ProviderStatus.Verified
            )
        );
        _vouch(clinician);
    }

    function test_Vouch_RevertsIf_TheOrganisationDoesNotCount() public {
        vm.prank(manager);
        participants.suspendProvider(organisation);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotVerified.selector, organisation));
        _vouch(clinician);
        // What takes away is always allowed.
        _drop(clinician);
    }

    function testFuzz_Drop_RevertsIf_CallerIsNotTheOrganisation(address caller) public {
        vm.assume(caller != organisation);

        _expectNotYourMember(clinician, caller);
        vm.prank(caller);
        participants.dropMembers(_oneAccount(clinician));
    }

    function test_Drop_RevertsIf_NoMember() public {
        _drop(clinician);

        _expectNotYourMember(clinician, organisation);
        _drop(clinician);
    }

    function test_Members_RevertIf_BatchIsEmptyOrTooLarge() public {
        uint256 max = participants.MAX_PROVIDERS();
        _expectBatchInvalid(0, max);
        vm.prank(organisation);
        participants.vouchForMembers(new address[](0));
        _expectBatchInvalid(max + 1, max);
        vm.prank(organisation);
        participants.dropMembers(new address[](max + 1));
    }

    // revokeAll

    function test_P2_RevokeAll_EndsEveryConsentInTheSameBlock() public {
        _grant(patient, clinician, _consent());
        _grant(patient, lab, _writingConsent());
        _grant(otherPatient, clinician, _consent());

        vm.expectEmit(address(consents));
        emit IConsentRegistry.AllConsentsRevoked(patient, START);
        _revokeAll();

        _assertDecision(clinician, RECORD, TREATMENT, Decision.ConsentMissing);
        _assertDecision(lab, RECORD, TREATMENT, Decision.ConsentMissing);
        _assertDecision(patient, RECORD, TREATMENT, Decision.Permit);
        vm.assertEq(uint256(CompartmentSet.unwrap(consents.writableBy(patient, lab))), 0, "writable");
        vm.assertEq(uint256(consents.consentOf(patient, clinician).expiresAt), 0, "consent");
        vm.assertEq(consents.consentOf(otherPatient, clinician).expiresAt != 0, true, "another patient's");
        vm.assertEq(uint256(consents.epochOf(patient)), uint256(START), "epoch");
    }

    function testFuzz_RevokeAll_LeavesLaterConsentsAlone(uint32 later) public {
        _grant(patient, clinician, _consent());
        _revokeAll();
        vm.warp(uint256(START) + 1 + later);

        _grant(patient, clinician, _consent());
        _grant(patient, lab, _consent());

        bool counts = block.timestamp < START + 365 days;
        _assertDecision(lab, RECORD, TREATMENT, counts ? Decision.Permit : Decision.AccessorExpired);
        vm.assertEq(consents.consentOf(patient, clinician).expiresAt != 0, true, "given anew");
    }

    function test_RevokeAll_TellsWhoGivesAnewInTheSameBlock() public {
        _grant(patient, clinician, _consent());
        _revokeAll();

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.RevokedInThisBlock.selector, patient));
        vm.prank(patient);
        consents.grantConsent(clinician, _consent());

        // A first one is in vain: denied, never permitted.
        _grant(patient, lab, _consent());
        _assertDecision(lab, RECORD, TREATMENT, Decision.ConsentMissing);
    }

    function test_RevokeAll_LeavesNothingToAmend() public {
        _grant(patient, clinician, _consent());
        _revokeAll();

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.ConsentAbsent.selector, patient, clinician));
        vm.prank(patient);
        consents.amendConsent(clinician, _consent());
    }

    function test_RevokeAll_RevertsIf_CallerIsNoPatient() public {
        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.NotPatient.selector, clinician));
        vm.prank(clinician);
        consents.revokeAll();
    }

    // noteRestriction's caller

    function test_Lift_OfWhatDoesNotStandChangesNothing() public {
        vm.prank(patient);
        consents.liftRestriction(RECORD, clinician);
        vm.assertEq(uint256(records.slotOfRecord(RECORD).restrictions()), 0, "restrictions");
    }

    function _revokeAll() private {
        vm.prank(patient);
        consents.revokeAll();
    }

    function _vouch(address member) private {
        vm.prank(organisation);
        participants.vouchForMembers(_oneAccount(member));
    }

    function _drop(address member) private {
        vm.prank(organisation);
        participants.dropMembers(_oneAccount(member));
    }

    function _writable() private view returns (uint256) {
        return CompartmentSet.unwrap(consents.writableBy(patient, clinician));
    }

    function _expectNotYourMember(address member, address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotYourMember.selector, member, caller));
    }

    function _expectBatchInvalid(uint256 size, uint256 max) private {
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.BatchSizeInvalid.selector, size, max));
    }
}
