// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "../../contracts/interfaces/IAccessLog.sol";
import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {Consent, Decision, ProviderStatus, Purpose, RecordId, Role} from "../../contracts/types/Types.sol";
import {World} from "./support/World.sol";

/// @notice Strikes: who collects them, who doesn't, and what they lead to.
contract StrikesTest is World {
    uint8 private constant COMPARTMENT = 3;
    Purpose private constant TREATMENT = Purpose.Treatment;

    function setUp() public override {
        super.setUp();
        _enrolAll();
        _addRecord(RECORD, patient, COMPARTMENT);
        _addRecord(OTHER_RECORD, otherPatient, COMPARTMENT);
    }

    function test_P13_Strikes_SuspendAtTheLimitAndNotBefore() public {
        for (uint32 i = 1; i < log.STRIKE_LIMIT(); ++i) {
            _open(clinician, RECORD, TREATMENT);
            _assertStrikes(clinician, i);
            _assertStatus(clinician, ProviderStatus.Verified);
        }

        vm.expectEmit(address(participants));
        emit IParticipantRegistry.ProviderSuspended(clinician, address(log));
        _open(clinician, RECORD, TREATMENT);

        _assertStatus(clinician, ProviderStatus.Suspended);
        _assertDecision(clinician, RECORD, TREATMENT, Decision.AccessorSuspended);
        vm.expectRevert(abi.encodeWithSelector(IAccessLog.NotParticipant.selector, clinician));
        vm.prank(clinician);
        log.openRecords(_one(RECORD), TREATMENT, KEY_HASH, 0);
    }

    function test_P13_Strikes_BeginAnewOnceAManagerReinstated() public {
        for (uint256 i = 0; i < log.STRIKE_LIMIT(); ++i) {
            _open(clinician, RECORD, TREATMENT);
        }

        vm.prank(manager);
        participants.reinstateProvider(clinician);
        _assertStrikes(clinician, 0);
        _open(clinician, RECORD, TREATMENT);
        _assertStrikes(clinician, 1);
        _assertStatus(clinician, ProviderStatus.Verified);
    }

    function testFuzz_P13_Strikes_CountWithinTheWindowOnly(uint32 later) public {
        later = uint32(_bound(later, 0, 2 days));
        _open(clinician, RECORD, TREATMENT);
        vm.warp(START + later);

        _assertStrikes(clinician, later < log.STRIKE_WINDOW() ? 1 : 0);
        _open(clinician, RECORD, TREATMENT);
        _assertStrikes(clinician, later < log.STRIKE_WINDOW() ? 2 : 1);
    }

    function test_Strikes_OfABatchCountOncePerPatientInARow() public {
        RecordId[] memory ids = new RecordId[](6);
        (ids[0], ids[1], ids[2], ids[3]) = (RECORD, RECORD, OTHER_RECORD, OTHER_RECORD);
        (ids[4], ids[5]) = (UNKNOWN_RECORD, RECORD);

        vm.prank(clinician);
        log.openRecords(ids, TREATMENT, KEY_HASH, 0);

        _assertStrikes(clinician, 4);
    }

    function test_Strikes_OfOneLargeBatchSuspendAtOnce() public {
        RecordId[] memory ids = new RecordId[](20);
        for (uint256 i = 0; i < ids.length; ++i) {
            ids[i] = i % 2 == 0 ? RECORD : OTHER_RECORD;
        }

        vm.prank(clinician);
        log.openRecords(ids, TREATMENT, KEY_HASH, 0);

        _assertStatus(clinician, ProviderStatus.Suspended);
        _assertStrikes(clinician, 0);
    }

    function test_Strikes_NoneForWhoIsPermitted() public {
        _grant(patient, clinician, _consent());
        for (uint256 i = 0; i < 12; ++i) {
            _open(clinician, RECORD, TREATMENT);
        }

        _assertStrikes(clinician, 0);
    }

    function test_Strikes_ForAPurposeThatWasNeverConsented() public {
        _grant(patient, clinician, _consent());

        _open(clinician, RECORD, Purpose.Research);

        _assertStrikes(clinician, 1);
    }

    /// @dev A patient who is quicker than the opening must not be able to bring anybody a strike.
    function testFuzz_P14_Races_AreNoStrikesWithinTheHour(uint8 kind, uint16 later) public {
        kind = uint8(_bound(kind, 0, 6));
        later = uint16(_bound(later, 0, 2 hours));
        Consent memory consent = _consent();
        _grant(patient, clinician, consent);
        vm.warp(START + 1 days);
        if (kind == 6) consent.expiresAt = START + 1 days + 1;
        vm.prank(patient);
        if (kind == 0) consents.revokeConsent(clinician);
        else if (kind == 1) consents.revokeAll();
        else if (kind == 2) consents.restrictRecord(RECORD, clinician);
        else if (kind == 3) records.retireRecord(RECORD);
        else if (kind == 4) records.moveRecord(RECORD, 60);
        else if (kind == 5) consents.amendConsent(clinician, _narrower(consent));
        else consents.amendConsent(clinician, consent);
        uint256 endedAt = kind == 6 ? consent.expiresAt : block.timestamp;
        vm.warp(endedAt + later);

        _open(clinician, RECORD, TREATMENT);

        vm.assertEq(uint256(_freeAt(clinician, 0)), 0, "was refused");
        _assertStrikes(clinician, later < consents.RACE_GRACE() ? 0 : 1);
    }

    function test_P14_Strikes_ForAConsentThatRevokeAllHadEndedLongBeforeItExpired() public {
        Consent memory consent = _consent();
        consent.expiresAt = START + 1 days;
        _grant(patient, clinician, consent);
        vm.prank(patient);
        consents.revokeAll();
        vm.warp(START + 1 days);

        _open(clinician, RECORD, TREATMENT);

        _assertStrikes(clinician, 1);
    }

    function test_P14_Races_OfAnOrganisationAreNoStrikesOfItsMembers() public {
        _enrolMember();
        _grant(patient, organisation, _consent());
        vm.warp(START + 1 days);
        vm.prank(patient);
        consents.revokeConsent(organisation);

        _open(clinician, RECORD, TREATMENT);
        _assertStrikes(clinician, 0);
        vm.warp(START + 1 days + 1 hours);
        _open(clinician, RECORD, TREATMENT);
        _assertStrikes(clinician, 1);
    }

    function test_P14_Strikes_AreOfTheCallerAlone() public {
        _open(clinician, RECORD, TREATMENT);

        _assertStrikes(clinician, 1);
        _assertStrikes(lab, 0);
        _assertStrikes(patient, 0);
    }

    function test_Strikes_NoneForAProviderOfItsOwnRecords() public {
        _enrolPatient(clinician);
        RecordId own = RecordId.wrap(keccak256("own"));
        _addRecord(own, clinician, COMPARTMENT);
        vm.prank(clinician);
        records.retireRecord(own);
        vm.warp(START + 2 hours);

        _open(clinician, own, TREATMENT);

        _assertStrikes(clinician, 0);
    }

    /// @dev A log filled by outsiders: patients open their own records alone.
    function testFuzz_P8_Open_RevertsIf_APatientAsksForSomebodyElsesRecord(bool first) public {
        RecordId[] memory ids = new RecordId[](2);
        (ids[0], ids[1]) = first ? (RECORD, OTHER_RECORD) : (OTHER_RECORD, RECORD);

        vm.expectRevert(abi.encodeWithSelector(IAccessLog.NotParticipant.selector, otherPatient));
        vm.prank(otherPatient);
        log.openRecords(ids, TREATMENT, KEY_HASH, 0);

        vm.expectRevert(abi.encodeWithSelector(IAccessLog.NotParticipant.selector, patient));
        vm.prank(patient);
        log.openRecords(_one(UNKNOWN_RECORD), TREATMENT, KEY_HASH, 0);
    }

    function testFuzz_SuspendForStrikes_RevertsIf_CallerIsNotTheLog(address caller) public {
        vm.assume(caller != address(log));

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotLog.selector, caller));
        vm.prank(caller);
        participants.suspendForStrikes(clinician);
    }

    function test_SuspendForStrikes_RevertsIf_NotVerified() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IParticipantRegistry.ProviderNotInStatus.selector,
                outsider,
                ProviderStatus.None,
                ProviderStatus.Verified
            )
        );
        vm.prank(address(log));
        participants.suspendForStrikes(outsider);
    }

    function _narrower(Consent memory consent) private pure returns (Consent memory) {
        consent.purposes = _only(Purpose.Research);
        return consent;
    }

    function _assertStrikes(address accessor, uint256 expected) private view {
        (uint32 count, uint48 since) = log.strikesOf(accessor);
        vm.assertEq(uint256(count), expected, "strikes");
        vm.assertEq(since != 0, expected != 0, "since");
    }
}
