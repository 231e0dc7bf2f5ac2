// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {
    Application,
    Enrolment,
    Provider,
    ProviderStatus,
    Role,
    Verification,
    Voucher
} from "../../contracts/types/Types.sol";
import {TypedData} from "./support/TypedData.sol";
import {Wallet} from "./support/Wallet.sol";
import {World} from "./support/World.sol";

/// @notice What counts because somebody signed it: vouchers of managers, enrolments of patients; and many at once.
contract SignaturesTest is World {
    uint256 private constant MANAGER_KEY = uint256(keccak256("key of a manager"));
    uint256 private constant PATIENT_KEY = uint256(keccak256("key of a patient"));

    address private _signingManager = vm.addr(MANAGER_KEY);
    address private _signingPatient = vm.addr(PATIENT_KEY);

    function setUp() public override {
        super.setUp();
        _grantRole(participants.managerRole(AREA), _signingManager);
    }

    // registerVerifiedProvider

    function test_Voucher_RegistersAndVerifiesInOneCall() public {
        Voucher memory voucher = _voucher();
        bytes memory signature = _sign(MANAGER_KEY, _digest(clinician, voucher));

        vm.expectEmit(address(participants));
        emit IParticipantRegistry.ProviderVerified(
            clinician, _signingManager, AREA, voucher.application, voucher.expiresAt
        );
        _redeem(clinician, voucher, signature);

        Provider memory p = participants.providerOf(clinician);
        vm.assertEq(uint256(p.status), uint256(ProviderStatus.Verified), "status");
        vm.assertEq(uint256(p.role), uint256(Role.Clinician), "role");
        vm.assertEq(uint256(p.expiresAt), uint256(voucher.expiresAt), "expiresAt");
        vm.assertEq(p.organisation, organisation, "organisation");
        vm.assertEq(p.vouched, false, "vouched");
    }

    function test_Voucher_OfAManagerWithASmartWallet() public {
        Wallet wallet = new Wallet(_signingManager);
        _grantRole(participants.managerRole(AREA), address(wallet));
        Voucher memory voucher = _voucher();
        voucher.manager = address(wallet);

        _redeem(clinician, voucher, _sign(MANAGER_KEY, _digest(clinician, voucher)));

        _assertStatus(clinician, ProviderStatus.Verified);
    }

    function testFuzz_Voucher_RevertsIf_AnythingIsNotAsSigned(uint8 which, uint256 seed) public {
        which = uint8(_bound(which, 0, 5));
        Voucher memory voucher = _voucher();
        bytes memory signature = _sign(MANAGER_KEY, _digest(clinician, voucher));
        address caller = clinician;
        if (which == 0) caller = lab;
        else if (which == 1) voucher.application.role = Role.Hospital;
        else if (which == 2) voucher.application.organisation = address(uint160(_bound(seed, 1, 1 << 100)));
        else if (which == 3) voucher.application.credentialHash = keccak256(abi.encode(seed));
        else if (which == 4) voucher.expiresAt += uint48(_bound(seed, 1, 1000 days));
        else voucher.deadline += uint48(_bound(seed, 1, 1000 days));

        _expectSignatureInvalid(_signingManager);
        _redeem(caller, voucher, signature);
    }

    function test_Voucher_RevertsIf_ForAnotherArea() public {
        Voucher memory voucher = _voucher();
        bytes memory signature = _sign(MANAGER_KEY, _digest(clinician, voucher));
        voucher.application.area = OTHER_AREA;

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotManager.selector, _signingManager, OTHER_AREA));
        _redeem(clinician, voucher, signature);
    }

    function test_Voucher_RevertsIf_TheSignerManagesNoMore() public {
        Voucher memory voucher = _voucher();
        bytes memory signature = _sign(MANAGER_KEY, _digest(clinician, voucher));
        uint64 role = participants.managerRole(AREA);
        vm.prank(governor);
        authority.revokeRole(role, _signingManager);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotManager.selector, _signingManager, AREA));
        _redeem(clinician, voucher, signature);
    }

    function test_Voucher_RevertsIf_SignedBySomebodyElse() public {
        Voucher memory voucher = _voucher();

        _expectSignatureInvalid(_signingManager);
        _redeem(clinician, voucher, _sign(PATIENT_KEY, _digest(clinician, voucher)));
        _expectSignatureInvalid(_signingManager);
        _redeem(clinician, voucher, "");
    }

    function test_Voucher_RevertsIf_UsedAgainOrAfterAnApplication() public {
        Voucher memory voucher = _voucher();
        bytes memory signature = _sign(MANAGER_KEY, _digest(clinician, voucher));
        _redeem(clinician, voucher, signature);
        _expectNotNone(ProviderStatus.Verified);
        _redeem(clinician, voucher, signature);

        vm.prank(manager);
        participants.suspendProvider(clinician);
        _expectNotNone(ProviderStatus.Suspended);
        _redeem(clinician, voucher, signature);

        vm.prank(lab);
        participants.registerProvider(_application(Role.Lab));
        bytes memory forLab = _sign(MANAGER_KEY, _digest(lab, voucher));
        vm.expectRevert();
        _redeem(lab, voucher, forLab);
    }

    function test_Voucher_RevertsIf_TooLateOrPastOrWithoutRole() public {
        Voucher memory voucher = _voucher();
        bytes memory signature = _sign(MANAGER_KEY, _digest(clinician, voucher));
        vm.warp(voucher.deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.DeadlinePassed.selector, voucher.deadline));
        _redeem(clinician, voucher, signature);

        vm.warp(voucher.deadline);
        voucher.expiresAt = uint48(block.timestamp);
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.ExpiryInPast.selector, voucher.expiresAt));
        _redeem(clinician, voucher, signature);

        voucher.application.role = Role.None;
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.RoleMissing.selector));
        _redeem(clinician, voucher, signature);

        // In the very second of the deadline it still counts.
        _redeem(clinician, _voucher(), signature);
        _assertStatus(clinician, ProviderStatus.Verified);
    }

    // enrolPatient

    function test_Enrol_RegistersThePatientWhoSigned() public {
        Enrolment memory enrolment = _enrolment(_signingPatient);

        vm.expectEmit(address(participants));
        emit IParticipantRegistry.PatientRegistered(_signingPatient, AREA, enrolment.pid, PUBLIC_KEY);
        _enrol(enrolment, _sign(PATIENT_KEY, _digest(enrolment)));

        vm.assertEq(participants.patientOf(_signingPatient), _signingPatient, "by wallet");
        vm.assertEq(participants.patientAt(AREA, enrolment.pid), _signingPatient, "by pid");
        vm.assertEq(participants.publicKeyHashOf(_signingPatient), PUBLIC_KEY, "public key");
    }

    function test_Enrol_APatientWithASmartWallet() public {
        Wallet wallet = new Wallet(_signingPatient);
        Enrolment memory enrolment = _enrolment(address(wallet));

        _enrol(enrolment, _sign(PATIENT_KEY, _digest(enrolment)));

        vm.assertEq(participants.patientOf(address(wallet)), address(wallet), "by wallet");
    }

    function testFuzz_Enrol_RevertsIf_AnythingIsNotAsSigned(uint8 which, uint256 seed) public {
        which = uint8(_bound(which, 0, 3));
        Enrolment memory enrolment = _enrolment(_signingPatient);
        bytes memory signature = _sign(PATIENT_KEY, _digest(enrolment));
        if (which == 0) enrolment.patient = outsider;
        else if (which == 1) enrolment.pid = keccak256(abi.encode(seed));
        else if (which == 2) enrolment.publicKeyHash = keccak256(abi.encode(seed));
        else enrolment.deadline += uint48(_bound(seed, 1, 1000 days));

        _expectSignatureInvalid(enrolment.patient);
        _enrol(enrolment, signature);
    }

    function test_Enrol_RevertsIf_TooLateOrTwiceOrByAnotherManager() public {
        Enrolment memory enrolment = _enrolment(_signingPatient);
        bytes memory signature = _sign(PATIENT_KEY, _digest(enrolment));

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.NotManager.selector, otherManager, AREA));
        vm.prank(otherManager);
        participants.enrolPatient(enrolment, signature);

        vm.warp(enrolment.deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.DeadlinePassed.selector, enrolment.deadline));
        _enrol(enrolment, signature);

        vm.warp(enrolment.deadline);
        _enrol(enrolment, signature);
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.AlreadyPatient.selector, _signingPatient));
        _enrol(enrolment, signature);
    }

    // verifyProviders

    function test_VerifyMany_VerifiesAllOrNone() public {
        vm.prank(clinician);
        participants.registerProvider(_application(Role.Clinician));
        vm.prank(lab);
        participants.registerProvider(_application(Role.Lab));
        Verification[] memory both = new Verification[](2);
        both[0] = Verification(clinician, _application(Role.Clinician), START + 1 days);
        both[1] = Verification(lab, _application(Role.Clinician), START + 2 days);

        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.ApplicationChanged.selector, lab));
        vm.prank(manager);
        participants.verifyProviders(both);
        _assertStatus(clinician, ProviderStatus.Applied);

        both[1].application.role = Role.Lab;
        vm.prank(manager);
        participants.verifyProviders(both);
        vm.assertEq(uint256(participants.providerOf(clinician).expiresAt), START + 1 days, "first");
        vm.assertEq(uint256(participants.providerOf(lab).expiresAt), START + 2 days, "second");
    }

    function test_VerifyMany_RevertsIf_BatchIsEmptyOrTooLarge() public {
        uint256 max = participants.MAX_PROVIDERS();
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.BatchSizeInvalid.selector, uint256(0), max));
        vm.prank(manager);
        participants.verifyProviders(new Verification[](0));
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.BatchSizeInvalid.selector, max + 1, max));
        vm.prank(manager);
        participants.verifyProviders(new Verification[](max + 1));
    }

    // Helpers

    function _voucher() private view returns (Voucher memory) {
        Application memory application = _application(Role.Clinician);
        application.organisation = organisation;
        return Voucher({
            manager: _signingManager, application: application, expiresAt: START + 100 days, deadline: START + 7 days
        });
    }

    function _enrolment(address wallet) private pure returns (Enrolment memory) {
        return Enrolment({
            patient: wallet, area: AREA, pid: _pidOf(wallet), publicKeyHash: PUBLIC_KEY, deadline: START + 7 days
        });
    }

    function _redeem(address provider, Voucher memory voucher, bytes memory signature) private {
        vm.prank(provider);
        participants.registerVerifiedProvider(voucher, signature);
    }

    function _enrol(Enrolment memory enrolment, bytes memory signature) private {
        vm.prank(manager);
        participants.enrolPatient(enrolment, signature);
    }

    function _digest(address provider, Voucher memory voucher) private view returns (bytes32) {
        return TypedData.digest(address(participants), provider, voucher);
    }

    function _digest(Enrolment memory enrolment) private view returns (bytes32) {
        return TypedData.digest(address(participants), enrolment);
    }

    function _sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _expectSignatureInvalid(address signer) private {
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.SignatureInvalid.selector, signer));
    }

    function _expectNotNone(ProviderStatus actual) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IParticipantRegistry.ProviderNotInStatus.selector, clinician, actual, ProviderStatus.None
            )
        );
    }
}
