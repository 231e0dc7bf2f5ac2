// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {Ruling} from "../../contracts/libraries/Ruling.sol";
import {CompartmentSet, Consent, Decision, Purpose, PurposeSet, RecordId, Role} from "../../contracts/types/Types.sol";
import {World} from "./support/World.sol";

contract ConsentRegistryTest is World {
    uint8 private constant COMPARTMENT = 3;
    Purpose private constant TREATMENT = Purpose.Treatment;

    function setUp() public override {
        super.setUp();
        _enrolAll();
        _addRecord(RECORD, patient, COMPARTMENT);
        _addRecord(OTHER_RECORD, otherPatient, COMPARTMENT);
    }

    // requestConsent, declineRequest

    function test_RequestConsent_TellsThePatientAndGivesNothing() public {
        vm.expectEmit(address(consents));
        emit IConsentRegistry.ConsentRequested(
            patient, clinician, CompartmentSet.wrap(0xff), _only(TREATMENT), START + 30 days, KEY_HASH
        );
        vm.prank(clinician);
        consents.requestConsent(patient, CompartmentSet.wrap(0xff), _only(TREATMENT), START + 30 days, KEY_HASH);

        _assertNone(patient, clinician);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.ConsentMissing);
    }

    function testFuzz_RequestConsent_RevertsIf_CallerIsNotVerified(address caller) public {
        vm.assume(caller != clinician && caller != lab);

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.NotVerified.selector, caller));
        vm.prank(caller);
        consents.requestConsent(patient, CompartmentSet.wrap(1), _only(TREATMENT), START + 1, 0);
    }

    function testFuzz_RequestConsent_RevertsIf_PatientIsUnknown(address nobody) public {
        vm.assume(nobody != patient && nobody != otherPatient);

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.PatientUnknown.selector, nobody));
        vm.prank(clinician);
        consents.requestConsent(nobody, CompartmentSet.wrap(1), _only(TREATMENT), START + 1, 0);
    }

    function test_RequestConsent_RevertsIf_ScopeIsEmptyOrPast() public {
        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.CompartmentsMissing.selector));
        vm.prank(clinician);
        consents.requestConsent(patient, CompartmentSet.wrap(0), _only(TREATMENT), START + 1, 0);

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.PurposesInvalid.selector, uint16(0)));
        vm.prank(clinician);
        consents.requestConsent(patient, CompartmentSet.wrap(1), PurposeSet.wrap(0), START + 1, 0);

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.PeriodInvalid.selector, uint48(0), START));
        vm.prank(clinician);
        consents.requestConsent(patient, CompartmentSet.wrap(1), _only(TREATMENT), START, 0);
    }

    function test_DeclineRequest_LeavesAStandingConsentAlone() public {
        _grant(patient, clinician, _consent());

        vm.expectEmit(address(consents));
        emit IConsentRegistry.RequestDeclined(patient, clinician);
        vm.prank(patient);
        consents.declineRequest(clinician);

        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);
    }

    function test_DeclineRequest_RevertsIf_CallerIsNoPatient() public {
        _expectNotPatient(outsider);
        vm.prank(outsider);
        consents.declineRequest(clinician);
    }

    // grantConsent

    function test_Grant_PermitsAccessor() public {
        vm.expectEmit(address(consents));
        emit IConsentRegistry.ConsentGranted(patient, clinician, _consent());
        _grant(patient, clinician, _consent());

        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);
        _assertStored(patient, clinician, _consent());
    }

    function testFuzz_Grant_StoresTheConsent(
        uint64 compartments,
        uint16 purposes,
        uint48 startsAt,
        uint48 expiresAt,
        bool mayWrite
    ) public {
        Consent memory consent = Consent({
            compartments: CompartmentSet.wrap(compartments == 0 ? 1 : compartments),
            purposes: PurposeSet.wrap(uint16(_bound(purposes, 1, 0x1ff))),
            startsAt: uint48(_bound(startsAt, 0, type(uint48).max - 1)),
            expiresAt: 0,
            mayWrite: mayWrite
        });
        uint48 earliest = consent.startsAt < START ? START + 1 : consent.startsAt + 1;
        consent.expiresAt = uint48(_bound(expiresAt, earliest, type(uint48).max));

        _grant(patient, clinician, consent);

        _assertStored(patient, clinician, consent);
    }

    function test_Grant_ReplacesAConsentThatExpired() public {
        _grant(patient, clinician, _consent());
        vm.warp(START + 30 days);

        _grant(patient, clinician, _consent());

        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);
    }

    function test_Grant_RevertsIf_AConsentStands() public {
        _grant(patient, clinician, _consent());

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.ConsentStands.selector, patient, clinician));
        vm.prank(patient);
        consents.grantConsent(clinician, _consent());
    }

    function test_Grant_RevertsIf_AConsentIsYetToStart() public {
        Consent memory later = _consent();
        later.startsAt = START + 1 days;
        _grant(patient, clinician, later);

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.ConsentStands.selector, patient, clinician));
        vm.prank(patient);
        consents.grantConsent(clinician, _consent());
    }

    function testFuzz_Grant_RevertsIf_CallerIsNoPatient(address caller) public {
        vm.assume(caller != patient && caller != otherPatient);

        _expectNotPatient(caller);
        vm.prank(caller);
        consents.grantConsent(clinician, _consent());
    }

    function test_Grant_RevertsIf_AccessorIsNobodyOrThePatient() public {
        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.AccessorInvalid.selector, address(0)));
        vm.prank(patient);
        consents.grantConsent(address(0), _consent());

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.AccessorInvalid.selector, patient));
        vm.prank(patient);
        consents.grantConsent(patient, _consent());
    }

    function test_Grant_RevertsIf_NoCompartmentIsNamed() public {
        Consent memory consent = _consent();
        consent.compartments = CompartmentSet.wrap(0);

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.CompartmentsMissing.selector));
        vm.prank(patient);
        consents.grantConsent(clinician, consent);
    }

    function testFuzz_Grant_RevertsIf_APurposeIsUnknown(uint16 purposes) public {
        vm.assume(purposes == 0 || purposes > 0x1ff);
        Consent memory consent = _consent();
        consent.purposes = PurposeSet.wrap(purposes);

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.PurposesInvalid.selector, purposes));
        vm.prank(patient);
        consents.grantConsent(clinician, consent);
    }

    function testFuzz_Grant_RevertsIf_ExpiryInPast(uint48 expiresAt) public {
        Consent memory consent = _consent();
        consent.expiresAt = uint48(_bound(expiresAt, 0, START));

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.PeriodInvalid.selector, uint48(0), consent.expiresAt));
        vm.prank(patient);
        consents.grantConsent(clinician, consent);
    }

    function testFuzz_Grant_RevertsIf_ItEndsBeforeItStarts(uint48 startsAt, uint48 expiresAt) public {
        Consent memory consent = _consent();
        consent.startsAt = uint48(_bound(startsAt, START + 1, type(uint48).max));
        consent.expiresAt = uint48(_bound(expiresAt, START + 1, consent.startsAt));

        vm.expectRevert(
            abi.encodeWithSelector(IConsentRegistry.PeriodInvalid.selector, consent.startsAt, consent.expiresAt)
        );
        vm.prank(patient);
        consents.grantConsent(clinician, consent);
    }

    // amendConsent

    function test_Amend_ReplacesTheConsent() public {
        _grant(patient, clinician, _consent());
        Consent memory narrower = _consent();
        narrower.compartments = CompartmentSet.wrap(1);

        vm.expectEmit(address(consents));
        emit IConsentRegistry.ConsentAmended(patient, clinician, narrower);
        vm.prank(patient);
        consents.amendConsent(clinician, narrower);

        _assertStored(patient, clinician, narrower);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.CompartmentNotConsented);
    }

    function test_Amend_RevertsIf_NoConsentStands() public {
        _expectAbsent(clinician);
        vm.prank(patient);
        consents.amendConsent(clinician, _consent());

        _grant(patient, clinician, _consent());
        vm.warp(START + 30 days);
        _expectAbsent(clinician);
        vm.prank(patient);
        consents.amendConsent(clinician, _consent());
    }

    function test_Amend_RevertsIf_ScopeIsInvalid() public {
        _grant(patient, clinician, _consent());
        Consent memory past = _consent();
        past.expiresAt = START;

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.PeriodInvalid.selector, uint48(0), START));
        vm.prank(patient);
        consents.amendConsent(clinician, past);
    }

    function test_Amend_RevertsIf_CallerIsNoPatient() public {
        _expectNotPatient(clinician);
        vm.prank(clinician);
        consents.amendConsent(clinician, _consent());
    }

    // revokeConsent

    function test_P2_Revoke_EndsPermitInTheSameBlock() public {
        _grant(patient, clinician, _consent());

        vm.expectEmit(address(consents));
        emit IConsentRegistry.ConsentRevoked(patient, clinician);
        vm.prank(patient);
        consents.revokeConsent(clinician);

        _assertDecision(clinician, RECORD, TREATMENT, Decision.ConsentMissing);
        _assertNone(patient, clinician);
    }

    function test_Revoke_EndsAConsentThatIsYetToStart() public {
        Consent memory later = _consent();
        later.startsAt = START + 1 days;
        _grant(patient, clinician, later);

        vm.prank(patient);
        consents.revokeConsent(clinician);
        vm.warp(START + 2 days);

        _assertDecision(clinician, RECORD, TREATMENT, Decision.ConsentMissing);
    }

    function testFuzz_Revoke_RevertsIf_NoConsentIsThere(address accessor) public {
        vm.assume(accessor != clinician);
        _grant(patient, clinician, _consent());
        _grant(otherPatient, lab, _consent());

        _expectAbsent(accessor);
        vm.prank(patient);
        consents.revokeConsent(accessor);
    }

    function test_Revoke_RevertsIf_CallerIsNoPatient() public {
        _grant(patient, clinician, _consent());

        _expectNotPatient(clinician);
        vm.prank(clinician);
        consents.revokeConsent(clinician);
    }

    // restrictRecord, liftRestriction

    function test_P2_Restrict_EndsPermitOfOneAccessorInTheSameBlock() public {
        _grant(patient, clinician, _consent());
        _grant(patient, lab, _consent());

        vm.expectEmit(address(consents));
        emit IConsentRegistry.RecordRestricted(RECORD, patient, clinician);
        _restrict(clinician);

        vm.assertEq(consents.isRestricted(RECORD, clinician), true, "clinician");
        vm.assertEq(consents.isRestricted(RECORD, lab), false, "lab");
        _assertDecision(clinician, RECORD, TREATMENT, Decision.RecordRestricted);
        _assertDecision(lab, RECORD, TREATMENT, Decision.Permit);
        _assertDecision(patient, RECORD, TREATMENT, Decision.Permit);
    }

    function test_P2_Restrict_EndsPermitOfEverybodyButThePatient() public {
        _grant(patient, clinician, _consent());
        _grant(patient, lab, _consent());

        _restrict(address(0));

        vm.assertEq(consents.isRestricted(RECORD, address(0)), true, "everybody");
        _assertDecision(clinician, RECORD, TREATMENT, Decision.RecordRestricted);
        _assertDecision(lab, RECORD, TREATMENT, Decision.RecordRestricted);
        _assertDecision(patient, RECORD, TREATMENT, Decision.Permit);
    }

    function test_Restrict_MayComeBeforeThePatientAccepts() public {
        _grant(patient, clinician, _consent());
        RecordId pending = RecordId.wrap(keccak256("pending"));
        vm.prank(lab);
        records.submitRecord(pending, patient);

        vm.prank(patient);
        consents.restrictRecord(pending, clinician);
        _accept(pending, COMPARTMENT);

        _assertDecision(clinician, pending, TREATMENT, Decision.RecordRestricted);
    }

    /// @dev Saying the same twice must not count twice, or one lifting would not lift it.
    function testFuzz_Lift_UndoesARestrictionHoweverOftenItWasSaid(uint8 times, bool forEverybody) public {
        _grant(patient, clinician, _consent());
        address kept = forEverybody ? address(0) : clinician;
        for (uint256 i = 0; i < _bound(times, 1, 4); ++i) {
            _restrict(kept);
        }

        vm.expectEmit(address(consents));
        emit IConsentRegistry.RestrictionLifted(RECORD, patient, kept);
        _lift(kept);

        vm.assertEq(consents.isRestricted(RECORD, kept), false, "restricted");
        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);
    }

    function test_Lift_LeavesOtherRestrictionsStanding() public {
        _grant(patient, clinician, _consent());
        _grant(patient, lab, _consent());
        _restrict(clinician);
        _restrict(lab);
        _restrict(address(0));

        _lift(address(0));
        _assertDecision(clinician, RECORD, TREATMENT, Decision.RecordRestricted);
        _lift(lab);
        _lift(lab);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.RecordRestricted);
        _assertDecision(lab, RECORD, TREATMENT, Decision.Permit);
    }

    function test_Restrict_RevertsIf_NotTheCallersRecord() public {
        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.NotYourRecord.selector, RECORD));
        vm.prank(otherPatient);
        consents.restrictRecord(RECORD, clinician);

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.NotYourRecord.selector, UNKNOWN_RECORD));
        vm.prank(patient);
        consents.restrictRecord(UNKNOWN_RECORD, clinician);

        _expectNotPatient(clinician);
        vm.prank(clinician);
        consents.restrictRecord(RECORD, clinician);
    }

    function test_Lift_RevertsIf_NotTheCallersRecord() public {
        _restrict(clinician);

        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.NotYourRecord.selector, RECORD));
        vm.prank(otherPatient);
        consents.liftRestriction(RECORD, clinician);

        _expectNotPatient(clinician);
        vm.prank(clinician);
        consents.liftRestriction(RECORD, clinician);
    }

    // decide: one test a reason

    function test_P3_Decide_DeniesAnUnknownRecord() public {
        _grant(patient, clinician, _consent());
        (Decision decision, address whose) = consents.decide(clinician, UNKNOWN_RECORD, TREATMENT);

        vm.assertEq(uint256(decision), uint256(Decision.RecordUnknown), "decision");
        vm.assertEq(whose, address(0), "patient");
    }

    function test_Decide_DeniesARecordThatIsNotActive() public {
        _grant(patient, clinician, _consent());
        RecordId pending = RecordId.wrap(keccak256("pending"));
        vm.prank(lab);
        records.submitRecord(pending, patient);

        _assertDecision(clinician, pending, TREATMENT, Decision.RecordNotActive);
        _assertDecision(patient, pending, TREATMENT, Decision.RecordNotActive);
        _assertDecision(lab, pending, TREATMENT, Decision.RecordNotActive);
    }

    function test_P2_Retire_EndsPermitInTheSameBlockForThePatientToo() public {
        _grant(patient, clinician, _consent());

        vm.prank(patient);
        records.retireRecord(RECORD);

        _assertDecision(clinician, RECORD, TREATMENT, Decision.RecordNotActive);
        _assertDecision(patient, RECORD, TREATMENT, Decision.RecordNotActive);
    }

    function testFuzz_P3_Decide_DeniesAnUnknownAccessor(address accessor) public {
        vm.assume(accessor != patient && accessor != clinician && accessor != lab);
        // A consent alone does not make anybody a provider.
        if (accessor != address(0)) _grant(patient, accessor, _consent());

        _assertDecision(accessor, RECORD, TREATMENT, Decision.AccessorUnknown);
    }

    function test_Decide_DeniesAnApplicantWhateverTheConsent() public {
        _grant(patient, outsider, _consent());
        vm.prank(outsider);
        participants.registerProvider(_application(Role.Clinician));

        _assertDecision(outsider, RECORD, TREATMENT, Decision.AccessorNotVerified);
    }

    function test_P2_Suspend_EndsPermitInTheSameBlockAndReinstateBringsItBack() public {
        _grant(patient, clinician, _consent());

        vm.prank(manager);
        participants.suspendProvider(clinician);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.AccessorSuspended);

        vm.prank(manager);
        participants.reinstateProvider(clinician);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);
    }

    function test_P2_Decide_DeniesFromTheSecondAVerificationExpires() public {
        Consent memory long = _consent();
        long.expiresAt = START + 1000 days;
        _grant(patient, clinician, long);

        vm.warp(START + 365 days - 1);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);
        vm.warp(START + 365 days);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.AccessorExpired);
    }

    function test_P3_Decide_DeniesWithoutAConsent() public {
        _grant(otherPatient, clinician, _consent());

        _assertDecision(clinician, RECORD, TREATMENT, Decision.ConsentMissing);
        _assertDecision(otherPatient, RECORD, TREATMENT, Decision.AccessorUnknown);
    }

    function testFuzz_P2_Decide_PermitsWithinThePeriodOnly(uint48 startsAt, uint48 expiresAt, uint48 time) public {
        Consent memory consent = _consent();
        consent.startsAt = uint48(_bound(startsAt, START, START + 100 days));
        consent.expiresAt = uint48(_bound(expiresAt, consent.startsAt + 1, START + 200 days));
        _grant(patient, clinician, consent);

        time = uint48(_bound(time, START, START + 300 days));
        vm.warp(time);

        Decision expected = time < consent.startsAt
            ? Decision.ConsentNotYetValid
            : time < consent.expiresAt ? Decision.Permit : Decision.ConsentExpired;
        _assertDecision(clinician, RECORD, TREATMENT, expected);
    }

    function testFuzz_Decide_PermitsConsentedPurposesOnly(uint16 purposes, uint8 purpose) public {
        Consent memory consent = _consent();
        consent.purposes = PurposeSet.wrap(uint16(_bound(purposes, 1, 0x1ff)));
        _grant(patient, clinician, consent);
        purpose = uint8(_bound(purpose, 0, uint8(type(Purpose).max)));

        bool covered = (PurposeSet.unwrap(consent.purposes) & (uint16(1) << purpose)) != 0;
        Decision expected = covered ? Decision.Permit : Decision.PurposeNotConsented;
        _assertDecision(clinician, RECORD, Purpose(purpose), expected);
    }

    function testFuzz_Decide_PermitsConsentedCompartmentsOnly(uint64 compartments, uint8 compartment) public {
        vm.assume(compartments != 0);
        compartment = uint8(_bound(compartment, 0, 63));
        RecordId recordId = RecordId.wrap(keccak256(abi.encode(compartment)));
        _addRecord(recordId, patient, compartment);
        Consent memory consent = _consent();
        consent.compartments = CompartmentSet.wrap(compartments);
        _grant(patient, clinician, consent);

        bool covered = (uint256(compartments) & (uint256(1) << compartment)) != 0;
        Decision expected = covered ? Decision.Permit : Decision.CompartmentNotConsented;
        _assertDecision(clinician, recordId, TREATMENT, expected);
    }

    function testFuzz_Decide_PermitsThePatientForEveryPurpose(uint8 purpose) public view {
        _assertDecision(patient, RECORD, Purpose(_bound(purpose, 0, uint8(type(Purpose).max))), Decision.Permit);
    }

    /// @dev P11: many at once is the same as one by one.
    function testFuzz_P11_DecideAll_SaysWhatDecideSays(uint256 seed) public {
        if (seed & 1 == 1) _grant(patient, clinician, _consent());
        if (seed & 2 == 2) _grant(otherPatient, clinician, _consent());
        if (seed & 4 == 4) _restrict(clinician);
        RecordId[] memory ids = new RecordId[](_bound(seed >> 8, 0, 12));
        RecordId[3] memory known = [RECORD, OTHER_RECORD, UNKNOWN_RECORD];
        for (uint256 i = 0; i < ids.length; ++i) {
            ids[i] = known[(seed >> (16 + 2 * i)) % 3];
        }

        (Ruling[] memory rulings,) = consents.decideAll(clinician, ids, TREATMENT);

        vm.assertEq(rulings.length, ids.length, "rulings");
        for (uint256 i = 0; i < ids.length; ++i) {
            (Decision decision, address whose) = consents.decide(clinician, ids[i], TREATMENT);
            vm.assertEq(uint256(rulings[i].decision()), uint256(decision), "decision");
            vm.assertEq(rulings[i].patient(), whose, "patient");
        }
    }

    // writableBy

    function testFuzz_WritableBy_HoldsForCompartmentsOfAStandingWritingConsentOnly(
        uint64 compartments,
        uint8 compartment,
        bool writes
    ) public {
        vm.assume(compartments != 0);
        Consent memory consent = _consent();
        consent.compartments = CompartmentSet.wrap(compartments);
        consent.mayWrite = writes;
        _grant(patient, clinician, consent);

        bool covered = compartment < 64 && (uint256(compartments) >> compartment) & 1 == 1;
        vm.assertEq(_mayWrite(patient, clinician, compartment), writes && covered, "clinician");
        vm.assertEq(_mayWrite(patient, lab, compartment), false, "lab");
        vm.assertEq(_mayWrite(otherPatient, clinician, compartment), false, "other patient");
    }

    function test_WritableBy_EndsWithTheConsentAndWithTheProvider() public {
        Consent memory consent = _writingConsent();
        consent.startsAt = START + 1 days;
        _grant(patient, clinician, consent);
        vm.assertEq(_mayWrite(patient, clinician, COMPARTMENT), false, "before it starts");

        vm.warp(START + 1 days);
        vm.assertEq(_mayWrite(patient, clinician, COMPARTMENT), true, "while it stands");

        vm.prank(manager);
        participants.suspendProvider(clinician);
        vm.assertEq(_mayWrite(patient, clinician, COMPARTMENT), false, "suspended");

        vm.prank(manager);
        participants.reinstateProvider(clinician);
        vm.warp(START + 30 days);
        vm.assertEq(_mayWrite(patient, clinician, COMPARTMENT), false, "expired");
    }

    // Helpers

    function _mayWrite(address owner, address accessor, uint8 compartment) private view returns (bool) {
        return (uint256(CompartmentSet.unwrap(consents.writableBy(owner, accessor))) >> compartment) & 1 == 1;
    }

    function _restrict(address accessor) private {
        vm.prank(patient);
        consents.restrictRecord(RECORD, accessor);
    }

    function _lift(address accessor) private {
        vm.prank(patient);
        consents.liftRestriction(RECORD, accessor);
    }

    function _expectNotPatient(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.NotPatient.selector, caller));
    }

    function _expectAbsent(address accessor) private {
        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.ConsentAbsent.selector, patient, accessor));
    }

    function _assertStored(address owner, address accessor, Consent memory expected) private view {
        bytes32 stored = keccak256(abi.encode(consents.consentOf(owner, accessor)));
        vm.assertEq(stored, keccak256(abi.encode(expected)), "consent");
    }

    function _assertNone(address owner, address accessor) private view {
        Consent memory none;
        _assertStored(owner, accessor, none);
    }
}
