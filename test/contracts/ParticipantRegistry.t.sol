// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {Application, Provider, ProviderStatus, Role} from "../../contracts/types/Types.sol";
import {World} from "./support/World.sol";

contract ParticipantRegistryTest is World {
    // registerPatient

    function test_RegisterPatient_KnowsThePatientByWalletAndByPid() public {
        vm.expectEmit(address(participants));
        emit IParticipantRegistry.PatientRegistered(patient, AREA, _pidOf(patient), PUBLIC_KEY);
        _enrolPatient(patient);

        vm.assertEq(participants.patientOf(patient), patient, "by wallet");
        vm.assertEq(participants.patientAt(AREA, _pidOf(patient)), patient, "by pid");
        vm.assertEq(participants.publicKeyHashOf(patient), PUBLIC_KEY, "public key");
    }

    function test_RegisterPatient_AllowsNoPublicKeyYet() public {
        vm.prank(patient);
        participants.registerPatient(AREA, _pidOf(patient), 0);

        vm.assertEq(participants.patientOf(patient), patient, "by wallet");
        vm.assertEq(participants.publicKeyHashOf(patient), bytes32(0), "public key");
    }

    function test_RegisterPatient_AllowsTheSamePidInAnotherArea() public {
        _enrolPatient(patient);

        vm.prank(otherPatient);
        participants.registerPatient(OTHER_AREA, _pidOf(patient), PUBLIC_KEY);

        vm.assertEq(participants.patientAt(AREA, _pidOf(patient)), patient, "first area");
        vm.assertEq(participants.patientAt(OTHER_AREA, _pidOf(patient)), otherPatient, "second area");
    }

    function test_RegisterPatient_RevertsIf_PidIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.PidMissing.selector));
        vm.prank(patient);
        participants.registerPatient(AREA, 0, PUBLIC_KEY);
    }

    function testFuzz_RegisterPatient_RevertsIf_PidIsTaken(uint32 area, bytes32 pid, address wallet) public {
        vm.assume(pid != 0 && wallet != patient && wallet != address(0));
        vm.prank(patient);
        participants.registerPatient(area, pid, PUBLIC_KEY);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.PidTaken.selector, area, pid));
        vm.prank(wallet);
        participants.registerPatient(area, pid, PUBLIC_KEY);
    }

    function testFuzz_RegisterPatient_RevertsIf_WalletIsAPatientAlready(uint32 area, bytes32 pid) public {
        vm.assume(pid != 0);
        _enrolPatient(patient);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.AlreadyPatient.selector, patient));
        vm.prank(patient);
        participants.registerPatient(area, pid, PUBLIC_KEY);
    }

    // changePublicKey

    function testFuzz_ChangePublicKey_ReplacesTheKey(bytes32 publicKeyHash) public {
        // What is below 2^168 counts as none; the interface says so.
        vm.assume(publicKeyHash == 0 || uint256(publicKeyHash) >= 1 << 168);
        _enrolPatient(patient);

        vm.expectEmit(address(participants));
        emit IParticipantRegistry.PublicKeyChanged(patient, publicKeyHash);
        vm.prank(patient);
        participants.changePublicKey(publicKeyHash);

        vm.assertEq(participants.publicKeyHashOf(patient), publicKeyHash, "public key");
        vm.assertEq(participants.patientOf(patient), patient, "still a patient");
    }

    function test_ChangePublicKey_TakesOneForNone() public {
        _enrolPatient(patient);

        vm.prank(patient);
        participants.changePublicKey(bytes32(uint256(1)));

        vm.assertEq(participants.publicKeyHashOf(patient), bytes32(0), "public key");
        vm.assertEq(participants.patientOf(patient), patient, "still a patient");
    }

    function testFuzz_ChangePublicKey_RevertsIf_CallerIsNoPatient(address caller) public {
        _enrolPatient(patient);
        vm.assume(caller != patient);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotPatient.selector, caller));
        vm.prank(caller);
        participants.changePublicKey(PUBLIC_KEY);
    }

    // registerProvider

    function test_RegisterProvider_AppliesAndDoesNotCountYet() public {
        vm.expectEmit(address(participants));
        emit IParticipantRegistry.ProviderRegistered(clinician, AREA, _application(Role.Clinician));
        vm.prank(clinician);
        participants.registerProvider(_application(Role.Clinician));

        _assertStatus(clinician, ProviderStatus.Applied);
        vm.assertEq(participants.isVerified(clinician), false, "verified");
    }

    function test_RegisterProvider_EndsAVerificationUntilVerifiedAnew() public {
        _enrolProvider(clinician, Role.Clinician);

        vm.prank(clinician);
        participants.registerProvider(_application(Role.Researcher));

        _assertStatus(clinician, ProviderStatus.Applied);
        vm.assertEq(participants.isVerified(clinician), false, "verified");
    }

    function testFuzz_RegisterProvider_TellsNothingButTheStatusOfAnApplicant(
        uint8 role,
        uint32 area,
        address organisation,
        bytes32 credentialHash
    ) public {
        Application memory application = _anyApplication(role, area, organisation, credentialHash);
        vm.prank(clinician);
        participants.registerProvider(application);

        // The slot holds a digest now, none of which may show as role, area, time or organisation.
        Provider memory p = participants.providerOf(clinician);
        vm.assertEq(uint256(p.status), uint256(ProviderStatus.Applied), "status");
        vm.assertEq(uint256(p.role), uint256(Role.None), "role");
        vm.assertEq(uint256(p.area), 0, "area");
        vm.assertEq(uint256(p.expiresAt), 0, "expiresAt");
        vm.assertEq(p.organisation, address(0), "organisation");
        vm.assertEq(p.vouched, false, "vouched");
        vm.assertEq(participants.slotOfProvider(clinician).membership(), address(0), "membership");
        vm.assertEq(uint256(participants.slotOfProvider(clinician).expiresAt()), 0, "slot's expiresAt");
        vm.assertEq(participants.isVerified(clinician), false, "verified");
    }

    function test_RegisterProvider_RevertsIf_RoleIsNone() public {
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.RoleMissing.selector));
        vm.prank(clinician);
        participants.registerProvider(_application(Role.None));
    }

    function test_RegisterProvider_RevertsIf_Suspended() public {
        _enrolProvider(clinician, Role.Clinician);
        vm.prank(manager);
        participants.suspendProvider(clinician);

        _expectNotInStatus(ProviderStatus.Suspended, ProviderStatus.Applied);
        vm.prank(clinician);
        participants.registerProvider(_application(Role.Clinician));
    }

    // verifyProvider

    function testFuzz_VerifyProvider_StoresWhatTheManagerRead(
        uint8 role,
        address organisation,
        bytes32 credentialHash,
        uint48 expiresAt
    ) public {
        Application memory application = _anyApplication(role, AREA, organisation, credentialHash);
        // The slot keeps 40 bits, until the year 36812.
        expiresAt = uint48(_bound(expiresAt, START + 1, type(uint40).max));
        vm.prank(clinician);
        participants.registerProvider(application);

        vm.expectEmit(address(participants));
        emit IParticipantRegistry.ProviderVerified(clinician, manager, AREA, application, expiresAt);
        vm.prank(manager);
        participants.verifyProvider(clinician, application, expiresAt);

        Provider memory p = participants.providerOf(clinician);
        vm.assertEq(uint256(p.role), uint256(application.role), "role");
        vm.assertEq(uint256(p.status), uint256(ProviderStatus.Verified), "status");
        vm.assertEq(uint256(p.area), uint256(AREA), "area");
        vm.assertEq(uint256(p.expiresAt), uint256(expiresAt), "expiresAt");
        vm.assertEq(p.organisation, application.organisation, "organisation");
        vm.assertEq(participants.isVerified(clinician), true, "verified");
    }

    function testFuzz_VerifyProvider_EndsAtItsExpiry(uint48 expiresAt, uint48 time) public {
        expiresAt = uint48(_bound(expiresAt, START + 1, type(uint48).max));
        time = uint48(_bound(time, START, type(uint48).max));
        vm.prank(clinician);
        participants.registerProvider(_application(Role.Clinician));
        vm.prank(manager);
        participants.verifyProvider(clinician, _application(Role.Clinician), expiresAt);

        vm.warp(time);

        vm.assertEq(participants.isVerified(clinician), time < expiresAt, "verified");
    }

    function testFuzz_VerifyProvider_RevertsIf_CallerDoesNotManageTheArea(address caller) public {
        vm.assume(caller != manager);
        vm.prank(clinician);
        participants.registerProvider(_application(Role.Clinician));

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotManager.selector, caller, AREA));
        vm.prank(caller);
        participants.verifyProvider(clinician, _application(Role.Clinician), START + 1 days);
    }

    function test_VerifyProvider_RevertsIf_TheApplicationNamesAnotherManagersArea() public {
        vm.prank(clinician);
        participants.registerProvider(_application(Role.Clinician));
        Application memory moved = _application(Role.Clinician);
        moved.area = OTHER_AREA;

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.ApplicationChanged.selector, clinician));
        vm.prank(otherManager);
        participants.verifyProvider(clinician, moved, START + 1 days);
    }

    function testFuzz_VerifyProvider_RevertsIf_AnythingInTheApplicationChanged(
        uint8 role,
        address organisation,
        bytes32 credentialHash
    ) public {
        Application memory read = _anyApplication(role, AREA, organisation, credentialHash);
        Application memory applied = _application(Role.Clinician);
        vm.assume(keccak256(abi.encode(read)) != keccak256(abi.encode(applied)));
        vm.prank(clinician);
        participants.registerProvider(applied);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.ApplicationChanged.selector, clinician));
        vm.prank(manager);
        participants.verifyProvider(clinician, read, START + 1 days);
    }

    function test_VerifyProvider_RevertsIf_NeverApplied() public {
        _expectNotInStatus(ProviderStatus.None, ProviderStatus.Applied);
        vm.prank(manager);
        participants.verifyProvider(clinician, _application(Role.Clinician), START + 1 days);
    }

    function test_VerifyProvider_RevertsIf_VerifiedAlready() public {
        _enrolProvider(clinician, Role.Clinician);

        _expectNotInStatus(ProviderStatus.Verified, ProviderStatus.Applied);
        vm.prank(manager);
        participants.verifyProvider(clinician, _application(Role.Clinician), START + 1 days);
    }

    function testFuzz_VerifyProvider_RevertsIf_ExpiryInPast(uint48 expiresAt) public {
        expiresAt = uint48(_bound(expiresAt, 0, START));
        vm.prank(clinician);
        participants.registerProvider(_application(Role.Clinician));

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.ExpiryInPast.selector, expiresAt));
        vm.prank(manager);
        participants.verifyProvider(clinician, _application(Role.Clinician), expiresAt);
    }

    // renewProvider

    function test_RenewProvider_CountsAgainAfterAnExpiry() public {
        _enrolProvider(clinician, Role.Clinician);
        vm.warp(START + 366 days);
        vm.assertEq(participants.isVerified(clinician), false, "expired");

        vm.expectEmit(address(participants));
        emit IParticipantRegistry.ProviderRenewed(clinician, manager, START + 400 days);
        vm.prank(manager);
        participants.renewProvider(clinician, START + 400 days);

        vm.assertEq(participants.isVerified(clinician), true, "renewed");
        vm.assertEq(uint256(participants.providerOf(clinician).role), uint256(Role.Clinician), "role");
    }

    function test_RenewProvider_RevertsIf_ExpiryInPast() public {
        _enrolProvider(clinician, Role.Clinician);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.ExpiryInPast.selector, START));
        vm.prank(manager);
        participants.renewProvider(clinician, START);
    }

    function test_RenewProvider_RevertsIf_OnlyApplied() public {
        vm.prank(clinician);
        participants.registerProvider(_application(Role.Clinician));

        _expectNotInStatus(ProviderStatus.Applied, ProviderStatus.Verified);
        vm.prank(manager);
        participants.renewProvider(clinician, START + 1 days);
    }

    function test_RenewProvider_RevertsIf_CallerManagesAnotherArea() public {
        _enrolProvider(clinician, Role.Clinician);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotManager.selector, otherManager, AREA));
        vm.prank(otherManager);
        participants.renewProvider(clinician, START + 1 days);
    }

    // suspendProvider, reinstateProvider

    function test_SuspendProvider_CountsNoMore() public {
        _enrolProvider(clinician, Role.Clinician);

        vm.expectEmit(address(participants));
        emit IParticipantRegistry.ProviderSuspended(clinician, manager);
        vm.prank(manager);
        participants.suspendProvider(clinician);

        _assertStatus(clinician, ProviderStatus.Suspended);
        vm.assertEq(participants.isVerified(clinician), false, "verified");
    }

    function testFuzz_SuspendProvider_RevertsIf_CallerDoesNotManageTheArea(address caller) public {
        vm.assume(caller != manager);
        _enrolProvider(clinician, Role.Clinician);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotManager.selector, caller, AREA));
        vm.prank(caller);
        participants.suspendProvider(clinician);
    }

    function test_SuspendProvider_RevertsIf_SuspendedAlready() public {
        _enrolProvider(clinician, Role.Clinician);
        vm.prank(manager);
        participants.suspendProvider(clinician);

        _expectNotInStatus(ProviderStatus.Suspended, ProviderStatus.Verified);
        vm.prank(manager);
        participants.suspendProvider(clinician);
    }

    function test_ReinstateProvider_CountsAgainAsBefore() public {
        _enrolProvider(clinician, Role.Clinician);
        vm.prank(manager);
        participants.suspendProvider(clinician);

        vm.expectEmit(address(participants));
        emit IParticipantRegistry.ProviderReinstated(clinician, manager);
        vm.prank(manager);
        participants.reinstateProvider(clinician);

        vm.assertEq(participants.isVerified(clinician), true, "verified");
        vm.assertEq(uint256(participants.providerOf(clinician).expiresAt), START + 365 days, "expiresAt");
    }

    function test_ReinstateProvider_RevertsIf_NotSuspended() public {
        _enrolProvider(clinician, Role.Clinician);

        _expectNotInStatus(ProviderStatus.Verified, ProviderStatus.Suspended);
        vm.prank(manager);
        participants.reinstateProvider(clinician);
    }

    function test_ReinstateProvider_RevertsIf_CallerManagesAnotherArea() public {
        _enrolProvider(clinician, Role.Clinician);
        vm.prank(manager);
        participants.suspendProvider(clinician);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotManager.selector, otherManager, AREA));
        vm.prank(otherManager);
        participants.reinstateProvider(clinician);
    }

    // Roles

    function testFuzz_ManagerRole_MeetsNoOtherRole(uint32 area, uint32 otherArea) public view {
        uint64 role = participants.managerRole(area);
        vm.assertEq(role != authority.ADMIN_ROLE() && role != authority.PUBLIC_ROLE(), true, "built-in roles");
        vm.assertEq(role != participants.AUDITOR_ROLE(), true, "auditors");
        vm.assertEq(role == participants.managerRole(otherArea), area == otherArea, "one role an area");
    }

    function test_IsManager_HoldsForTheOwnAreaOnly() public view {
        vm.assertEq(participants.isManager(manager, AREA), true, "own area");
        vm.assertEq(participants.isManager(manager, OTHER_AREA), false, "other area");
        vm.assertEq(participants.isManager(governor, AREA), false, "the governor manages nobody");
    }

    function test_IsManager_EndsWithTheRole() public {
        uint64 role = participants.managerRole(AREA);
        vm.prank(governor);
        authority.revokeRole(role, manager);

        vm.assertEq(participants.isManager(manager, AREA), false, "manager");
    }

    function test_IsAuditor_HoldsForWhoWasAppointed() public view {
        vm.assertEq(participants.isAuditor(auditor), true, "auditor");
        vm.assertEq(participants.isAuditor(manager), false, "manager");
        vm.assertEq(participants.isAuditor(outsider), false, "outsider");
    }

    function _anyApplication(uint8 role, uint32 area, address organisation, bytes32 credentialHash)
        private
        pure
        returns (Application memory)
    {
        return Application({
            role: Role(_bound(role, uint8(Role.Clinician), uint8(type(Role).max))),
            area: area,
            organisation: organisation,
            credentialHash: credentialHash
        });
    }

    function _expectNotInStatus(ProviderStatus actual, ProviderStatus needed) private {
        vm.expectRevert(
            abi.encodeWithSelector(IParticipantRegistry.ProviderNotInStatus.selector, clinician, actual, needed)
        );
    }
}
