// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "../../contracts/interfaces/IAccessLog.sol";
import {CompartmentSet, Consent, Decision, Purpose} from "../../contracts/types/Types.sol";
import {World} from "./support/World.sol";

/// @notice Every bound in time, at the very second and at the one before.
contract SecondsTest is World {
    Purpose private constant TREATMENT = Purpose.Treatment;

    function setUp() public override {
        super.setUp();
        _enrolAll();
        _addRecord(RECORD, patient, 3);
        _addRecord(OTHER_RECORD, patient, 40);
    }

    function test_P2_AConsent_StandsFromItsStartUntilTheSecondBeforeItsEnd() public {
        Consent memory consent = _writingConsent();
        consent.startsAt = START + 10;
        consent.expiresAt = START + 20;
        _grant(patient, clinician, consent);

        _at(START + 9, Decision.ConsentNotYetValid, false);
        _at(START + 10, Decision.Permit, true);
        _at(START + 19, Decision.Permit, true);
        _at(START + 20, Decision.ConsentExpired, false);
    }

    function test_P2_AVerification_CountsUntilTheSecondBeforeItsEnd() public {
        Consent memory consent = _writingConsent();
        consent.expiresAt = START + 1000 days;
        _grant(patient, clinician, consent);

        _at(START + 365 days - 1, Decision.Permit, true);
        _at(START + 365 days, Decision.AccessorExpired, false);
    }

    function test_P2_AnOrganisation_LendsItsConsentsUntilTheSecondBeforeItsEnd() public {
        _enrolMember();
        vm.prank(manager);
        participants.renewProvider(organisation, START + 10);
        _grant(patient, organisation, _writingConsent());

        _at(START + 9, Decision.Permit, true);
        _at(START + 10, Decision.ConsentMissing, false);
    }

    function test_P13_Strikes_LastUntilTheSecondBeforeTheWindowEnds() public {
        _open(clinician, RECORD, TREATMENT);

        vm.warp(START + log.STRIKE_WINDOW() - 1);
        _assertStrikes(1, START);
        _open(clinician, RECORD, TREATMENT);
        _assertStrikes(2, START);
        vm.warp(START + log.STRIKE_WINDOW());
        _assertStrikes(0, 0);
        _open(clinician, RECORD, TREATMENT);
        _assertStrikes(1, uint48(block.timestamp));
    }

    function test_P14_ARace_IsOneUntilTheSecondBeforeTheHourEnds() public {
        _grant(patient, clinician, _consent());
        vm.prank(patient);
        consents.revokeConsent(clinician);

        vm.warp(START + consents.RACE_GRACE() - 1);
        _open(clinician, RECORD, TREATMENT);
        _assertStrikes(0, 0);
        vm.warp(START + consents.RACE_GRACE());
        _open(clinician, RECORD, TREATMENT);
        _assertStrikes(1, uint48(block.timestamp));
    }

    function test_P14_ARaceAfterAnAmendment_IsOneUntilTheSecondBeforeTheHourEnds() public {
        _grant(patient, clinician, _consent());
        Consent memory narrower = _consent();
        narrower.compartments = CompartmentSet.wrap(1);
        vm.prank(patient);
        consents.amendConsent(clinician, narrower);

        vm.warp(START + consents.RACE_GRACE() - 1);
        _open(clinician, RECORD, TREATMENT);
        _assertStrikes(0, 0);
        vm.warp(START + consents.RACE_GRACE());
        _open(clinician, RECORD, TREATMENT);
        _assertStrikes(1, uint48(block.timestamp));
    }

    /// @dev A consent that ran out is a race from its very second on.
    function test_P14_ARace_BeginsAtTheSecondOfTheExpiry() public {
        Consent memory consent = _consent();
        consent.expiresAt = START + 10;
        _grant(patient, clinician, consent);

        vm.warp(START + 9);
        _open(clinician, OTHER_RECORD, TREATMENT);
        _assertStrikes(1, START + 9);
        vm.warp(START + 10);
        _open(clinician, RECORD, TREATMENT);
        _assertStrikes(1, START + 9);
    }

    function test_P6_APlace_IsTakenUntilTheSecondBeforeTheHourEnds() public {
        _grant(patient, clinician, _consent());
        _openAt(0);

        vm.warp(START + log.PLACE_HOLD() - 1);
        vm.expectRevert(abi.encodeWithSelector(IAccessLog.PlaceTaken.selector, uint32(0), START + log.PLACE_HOLD()));
        _openAt(0);
        vm.warp(START + log.PLACE_HOLD());
        _openAt(0);
        vm.assertEq(uint256(_freeAt(clinician, 0)), block.timestamp + log.PLACE_HOLD(), "free at");
    }

    function test_P2_RevokeAll_EndsWhatWasGivenInTheSameSecond() public {
        vm.prank(patient);
        consents.revokeAll();
        _grant(patient, clinician, _consent());
        _assertDecision(clinician, RECORD, TREATMENT, Decision.ConsentMissing);

        vm.warp(START + 1);
        _grant(patient, clinician, _consent());
        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);
    }

    // Helpers

    function _at(uint256 time, Decision decision, bool writes) private {
        vm.warp(time);
        _assertDecision(clinician, RECORD, TREATMENT, decision);
        uint256 writable = CompartmentSet.unwrap(consents.writableBy(patient, clinician));
        vm.assertEq(writable, writes ? 0xff : 0, "writable");
    }

    function _openAt(uint32 place) private {
        vm.prank(clinician);
        log.openRecords(_one(RECORD), TREATMENT, KEY_HASH, place);
    }

    function _assertStrikes(uint256 count, uint48 since) private view {
        (uint32 counted, uint48 from) = log.strikesOf(clinician);
        vm.assertEq(uint256(counted), count, "strikes");
        vm.assertEq(uint256(from), since, "since");
    }
}
