// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    Application,
    CompartmentSet,
    Consent,
    Decision,
    Purpose,
    RecordId,
    RecordStatus,
    Role,
    Verification
} from "../../contracts/types/Types.sol";
import {World} from "./support/World.sol";

/// @notice The largest call of each kind goes through, and does all that it says.
contract LimitsTest is World {
    function test_Limits_OfProvidersAndMembers() public {
        uint256 max = participants.MAX_PROVIDERS();
        _enrolProvider(organisation, Role.Hospital);
        Application memory application = _application(Role.Clinician);
        application.organisation = organisation;
        address[] memory members = new address[](max);
        Verification[] memory verifications = new Verification[](max);
        for (uint160 i = 0; i < max; ++i) {
            members[i] = address(0x1000 + i);
            verifications[i] = Verification(members[i], application, START + 1 days);
            vm.prank(members[i]);
            participants.registerProvider(application);
        }

        vm.prank(manager);
        participants.verifyProviders(verifications);
        vm.prank(organisation);
        participants.vouchForMembers(members);
        for (uint256 i = 0; i < max; ++i) {
            vm.assertEq(participants.isVerified(members[i]), true, "verified");
            vm.assertEq(participants.providerOf(members[i]).vouched, true, "vouched");
        }
        vm.prank(organisation);
        participants.dropMembers(members);
        for (uint256 i = 0; i < max; ++i) {
            vm.assertEq(participants.providerOf(members[i]).vouched, false, "dropped");
        }
    }

    /// @dev Roles are given by their number: this is what governance's tools reckon with.
    function test_Limits_OfAreas() public view {
        vm.assertEq(uint256(participants.managerRole(0)), 2 ** 32, "first");
        vm.assertEq(uint256(participants.managerRole(type(uint32).max)), 2 ** 33 - 1, "last");
    }

    function test_Limits_OfRecords() public {
        _enrolAll();
        uint256 max = records.MAX_BATCH();
        (RecordId[] memory added, RecordId[] memory submitted) = (new RecordId[](max), new RecordId[](max));
        uint8[] memory compartments = new uint8[](max);
        for (uint256 i = 0; i < max; ++i) {
            added[i] = RecordId.wrap(keccak256(abi.encode("added", i)));
            submitted[i] = RecordId.wrap(keccak256(abi.encode("submitted", i)));
            compartments[i] = uint8(i % 64);
            vm.prank(lab);
            records.submitRecord(submitted[i], patient);
        }

        vm.prank(patient);
        records.addRecords(added, patient, compartments);
        vm.prank(patient);
        records.acceptRecords(submitted, compartments);
        for (uint256 i = 0; i < max; ++i) {
            _assertStatus(added[i], RecordStatus.Active);
            _assertStatus(submitted[i], RecordStatus.Active);
            vm.assertEq(uint256(records.recordOf(added[i]).compartment), i % 64, "where it was added");
            vm.assertEq(uint256(records.recordOf(submitted[i]).compartment), i % 64, "where it was accepted");
        }
    }

    /// @dev The record counts its restrictions one by one, and each once, however often it is said.
    function test_Limits_OfRestrictions() public {
        _enrolAll();
        _addRecord(RECORD, patient, 3);
        address[3] memory kept = [address(0), clinician, lab];
        for (uint256 i = 0; i < kept.length; ++i) {
            for (uint256 j = 0; j < 2; ++j) {
                vm.prank(patient);
                consents.restrictRecord(RECORD, kept[i]);
                vm.assertEq(uint256(records.slotOfRecord(RECORD).restrictions()), i + 1, "restricted");
            }
        }
        for (uint256 i = 0; i < kept.length; ++i) {
            for (uint256 j = 0; j < 2; ++j) {
                vm.prank(patient);
                consents.liftRestriction(RECORD, kept[i]);
                vm.assertEq(uint256(records.slotOfRecord(RECORD).restrictions()), 2 - i, "lifted");
            }
        }
    }

    /// @dev The first compartment, the last and two between, for each purpose: that one is permitted, and no other.
    function test_Limits_OfAConsent() public {
        _enrolAll();
        for (uint8 compartment = 0; compartment < 64; ++compartment) {
            _addRecord(_recordIn(compartment), patient, compartment);
        }
        // The compiler may take block.timestamp for the same all the way through a function.
        uint48 time = START;
        for (uint8 compartment = 0; compartment < 64; compartment += 21) {
            for (uint8 p = 0; p <= uint8(type(Purpose).max); ++p) {
                time += 1 days;
                vm.warp(time);
                _grantOnly(compartment, Purpose(p), time + 1 hours);
                _assertDecision(clinician, _recordIn(compartment), Purpose(p), Decision.Permit);
                uint8 other = (compartment + 1) % 64;
                _assertDecision(clinician, _recordIn(other), Purpose(p), Decision.CompartmentNotConsented);
                Purpose another = Purpose((p + 1) % (uint8(type(Purpose).max) + 1));
                _assertDecision(clinician, _recordIn(compartment), another, Decision.PurposeNotConsented);
            }
        }
    }

    function _grantOnly(uint8 compartment, Purpose purpose, uint48 expiresAt) private {
        Consent memory consent = _consent();
        consent.compartments = CompartmentSet.wrap(uint64(1) << compartment);
        consent.purposes = _only(purpose);
        consent.expiresAt = expiresAt;
        _grant(patient, clinician, consent);
    }

    function _recordIn(uint8 compartment) private pure returns (RecordId) {
        return RecordId.wrap(keccak256(abi.encode("record in", compartment)));
    }
}
