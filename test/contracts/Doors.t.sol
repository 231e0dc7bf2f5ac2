// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";

import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {IEmergencyAccess} from "../../contracts/interfaces/IEmergencyAccess.sol";
import {IGuardianship} from "../../contracts/interfaces/IGuardianship.sol";
import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {
    Application,
    CompartmentSet,
    Decision,
    EmergencyReason,
    MinorAppointment,
    ProviderStatus,
    Purpose,
    RecordId,
    RecordStatus,
    Role,
    Verification
} from "../../contracts/types/Types.sol";
import {Requests} from "./support/Requests.sol";
import {Wallet} from "./support/Wallet.sol";

/// @notice P16: the same expectations through every door. A door says how a person of a key calls, and who that is to
/// the contracts; everything else is the same.
abstract contract DoorsTest is Requests {
    uint256 internal constant KEY = uint256(keccak256("key of a person"));
    Purpose private constant TREATMENT = Purpose.Treatment;

    address internal person;

    function setUp() public override {
        super.setUp();
        _enrolAll();
        person = _person();
    }

    function _person() internal virtual returns (address);

    /// @dev Calls as the person; answers with what a revert said, or with nothing.
    function _call(address target, bytes memory data) internal virtual returns (bool succeeded, bytes memory answer);

    function test_P16_APatient() public {
        _done(address(participants), abi.encodeCall(participants.registerPatient, (AREA, _pidOf(person), PUBLIC_KEY)));
        vm.assertEq(participants.patientOf(person), person, "patient");
        _done(address(participants), abi.encodeCall(participants.changePublicKey, (KEY_HASH)));
        vm.assertEq(participants.publicKeyHashOf(person), KEY_HASH, "key");

        _done(address(records), abi.encodeCall(records.addRecord, (RECORD, person, 3)));
        RecordId[] memory ids = new RecordId[](2);
        (ids[0], ids[1]) = (OTHER_RECORD, UNKNOWN_RECORD);
        _done(address(records), abi.encodeCall(records.addRecords, (ids, person, new uint8[](2))));
        vm.assertEq(records.authorOf(RECORD), person, "author");
        _done(address(records), abi.encodeCall(records.supersedeRecord, (OTHER_RECORD, RECORD)));
        _done(address(records), abi.encodeCall(records.rewrapRecord, (RECORD, KEY_HASH)));
        _done(address(records), abi.encodeCall(records.moveRecord, (RECORD, 4)));
        vm.assertEq(uint256(records.recordOf(RECORD).compartment), 4, "compartment");

        _done(address(consents), abi.encodeCall(consents.grantConsent, (clinician, _consent())));
        _assertDecision(clinician, RECORD, TREATMENT, Decision.Permit);
        _done(address(consents), abi.encodeCall(consents.restrictRecord, (RECORD, clinician)));
        _assertDecision(clinician, RECORD, TREATMENT, Decision.RecordRestricted);
        _done(address(consents), abi.encodeCall(consents.liftRestriction, (RECORD, clinician)));
        _done(address(consents), abi.encodeCall(consents.amendConsent, (clinician, _writingConsent())));
        _done(address(consents), abi.encodeCall(consents.declineRequest, (lab)));
        _done(address(consents), abi.encodeCall(consents.revokeConsent, (clinician)));
        _assertDecision(clinician, RECORD, TREATMENT, Decision.ConsentMissing);
        _done(address(consents), abi.encodeCall(consents.revokeAll, ()));
        vm.assertEq(uint256(consents.epochOf(person)), uint256(START), "epoch");

        _done(address(log), abi.encodeCall(log.openRecords, (_one(RECORD), TREATMENT, KEY_HASH, 0)));
        vm.assertEq(uint256(_freeAt(person, 0)), START + log.PLACE_HOLD(), "place");
        _done(address(records), abi.encodeCall(records.retireRecord, (RECORD)));
        _assertStatus(RECORD, RecordStatus.Retired);
    }

    function test_P16_APatientAnswersSubmissions() public {
        _done(address(participants), abi.encodeCall(participants.registerPatient, (AREA, _pidOf(person), PUBLIC_KEY)));
        vm.prank(lab);
        records.submitRecord(RECORD, person);
        vm.prank(lab);
        records.submitRecord(OTHER_RECORD, person);

        _done(address(records), abi.encodeCall(records.acceptRecords, (_one(RECORD), _oneNumber(3))));
        _done(address(records), abi.encodeCall(records.rejectRecord, (OTHER_RECORD)));

        _assertStatus(RECORD, RecordStatus.Active);
        _assertStatus(OTHER_RECORD, RecordStatus.Rejected);
    }

    function test_P16_AProviderAndOrganisation() public {
        _addRecord(RECORD, patient, 3);
        _done(address(participants), abi.encodeCall(participants.registerProvider, (_application(Role.Hospital))));
        vm.prank(manager);
        participants.verifyProvider(person, _application(Role.Hospital), START + 365 days);

        CompartmentSet all = CompartmentSet.wrap(0xff);
        _done(
            address(consents),
            abi.encodeCall(consents.requestConsent, (patient, all, _only(TREATMENT), START + 1 days, 0))
        );
        _done(address(records), abi.encodeCall(records.submitRecord, (OTHER_RECORD, patient)));
        vm.assertEq(records.authorOf(OTHER_RECORD), person, "author");
        _grant(patient, person, _consent());
        _done(address(log), abi.encodeCall(log.openRecords, (_one(RECORD), TREATMENT, KEY_HASH, 0)));
        _done(address(log), abi.encodeCall(log.openRecords, (_one(RECORD), Purpose.Research, KEY_HASH, 0)));
        (uint32 strikes,) = log.strikesOf(person);
        vm.assertEq(uint256(strikes), 1, "strikes");
        vm.assertEq(uint256(_freeAt(person, 0)), START + log.PLACE_HOLD(), "place");

        Application memory member = _application(Role.Clinician);
        member.organisation = person;
        vm.prank(outsider);
        participants.registerProvider(member);
        vm.prank(manager);
        participants.verifyProvider(outsider, member, START + 365 days);
        _done(address(participants), abi.encodeCall(participants.vouchForMembers, (_oneAccount(outsider))));
        _assertDecision(outsider, RECORD, TREATMENT, Decision.Permit);
        _done(address(participants), abi.encodeCall(participants.dropMembers, (_oneAccount(outsider))));
    }

    function test_P16_AManager() public {
        _grantRole(participants.managerRole(AREA), person);
        vm.prank(outsider);
        participants.registerProvider(_application(Role.Clinician));

        Verification[] memory one = new Verification[](1);
        one[0] = Verification(outsider, _application(Role.Clinician), START + 1 days);
        _done(address(participants), abi.encodeCall(participants.verifyProviders, (one)));
        _done(address(participants), abi.encodeCall(participants.renewProvider, (outsider, START + 2 days)));
        _done(address(participants), abi.encodeCall(participants.suspendProvider, (outsider)));
        _assertStatus(outsider, ProviderStatus.Suspended);
        _done(address(participants), abi.encodeCall(participants.reinstateProvider, (outsider)));
        _assertStatus(outsider, ProviderStatus.Verified);
    }

    function test_P16_APatientWhoMovesAndIsRepresented() public {
        _done(address(participants), abi.encodeCall(participants.registerPatient, (AREA, _pidOf(person), PUBLIC_KEY)));
        _done(address(emergencies), abi.encodeCall(emergencies.setEmergencySet, (CompartmentSet.wrap(8))));
        address[] memory guardians = new address[](2);
        (guardians[0], guardians[1]) = clinician < lab ? (clinician, lab) : (lab, clinician);
        _done(address(guardianship), abi.encodeCall(guardianship.setGuardians, (guardians, 2)));
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(guardians[i]);
            guardianship.approveWallet(person, outsider, guardians);
        }
        _done(address(guardianship), abi.encodeCall(guardianship.objectToWallet, (outsider)));
        bytes memory call = abi.encodeCall(guardianship.appointRepresentative, (outsider, START + 1 days));
        _done(address(guardianship), call);
        vm.assertEq(guardianship.isRepresentative(person, outsider), true, "represented");
        _done(address(guardianship), abi.encodeCall(guardianship.endRepresentation, (person, outsider)));
        _done(address(guardianship), abi.encodeCall(guardianship.offerWallet, (organisation)));
        vm.prank(organisation);
        guardianship.takeWallet(person);
        vm.assertEq(participants.walletOf(person), organisation, "moved");
        call = abi.encodeCall(guardianship.setGuardians, (guardians, 2));
        _refused(address(guardianship), call, abi.encodeWithSelector(IGuardianship.NotPatient.selector, person));
    }

    function test_P16_AGuardianAndRepresentative() public {
        address[] memory guardians = new address[](2);
        (guardians[0], guardians[1]) = person < lab ? (person, lab) : (lab, person);
        vm.prank(patient);
        guardianship.setGuardians(guardians, 2);
        _done(address(guardianship), abi.encodeCall(guardianship.approveWallet, (patient, outsider, guardians)));
        vm.prank(patient);
        emergencies.setEmergencySet(CompartmentSet.wrap(8));
        vm.prank(clinician);
        uint64 id = emergencies.requestEmergency(patient, EmergencyReason.LifeAtRisk, 0);
        _done(address(emergencies), abi.encodeCall(emergencies.confirmEmergency, (id, guardians)));
        vm.assertEq(uint256(emergencies.emergencyOf(id).guardianConfirmations), 1, "confirmed");

        vm.prank(patient);
        guardianship.appointRepresentative(person, START + 1 days);
        bytes memory share = abi.encodeCall(consents.grantConsent, (lab, _consent()));
        _done(address(guardianship), abi.encodeCall(guardianship.actFor, (patient, address(consents), share)));
        vm.assertEq(uint256(consents.consentOf(patient, lab).expiresAt), START + 30 days, "shared");
        vm.prank(patient);
        guardianship.offerWallet(person);
        _done(address(guardianship), abi.encodeCall(guardianship.takeWallet, (patient)));
        vm.assertEq(participants.patientOf(person), patient, "taken");
    }

    function test_P16_AClinicianInAnEmergencyAndAManagerAfterIt() public {
        _addRecord(RECORD, patient, 3);
        vm.prank(patient);
        emergencies.setEmergencySet(CompartmentSet.wrap(8));
        Application memory application = _application(Role.Clinician);
        application.credentialHash = keccak256("person");
        _done(address(participants), abi.encodeCall(participants.registerProvider, (application)));
        vm.prank(manager);
        participants.verifyProvider(person, application, START + 365 days);
        EmergencyReason reason = EmergencyReason.DangerToOthers;
        _done(address(emergencies), abi.encodeCall(emergencies.requestEmergency, (patient, reason, KEY_HASH)));
        _done(address(emergencies), abi.encodeCall(emergencies.endEmergency, (1)));
        vm.prank(clinician);
        emergencies.requestEmergency(patient, reason, 0);
        _done(address(emergencies), abi.encodeCall(emergencies.coSignEmergency, (2)));
        vm.assertEq(emergencies.emergencyOf(2).coSigner, person, "co-signed");
        bytes memory own = abi.encodeWithSelector(IEmergencyAccess.AlreadyConfirmed.selector, person);
        _refused(address(emergencies), abi.encodeCall(emergencies.coSignEmergency, (2)), own);

        _grantRole(participants.managerRole(AREA), person);
        MinorAppointment memory minor = MinorAppointment(AREA, _pidOf(patient), outsider, START + 1 days);
        _done(address(guardianship), abi.encodeCall(guardianship.appointForMinor, (minor)));
        vm.assertEq(guardianship.representationOf(patient, outsider).proposedBy, person, "proposed");
        bytes memory none = abi.encodeWithSelector(IEmergencyAccess.NothingToReview.selector, 2);
        _refused(address(emergencies), abi.encodeCall(emergencies.reviewEmergency, (2, true)), none);
    }

    function test_P16_AStrangerIsRefusedByName() public {
        _refused(
            address(consents),
            abi.encodeCall(consents.revokeAll, ()),
            abi.encodeWithSelector(IConsentRegistry.NotPatient.selector, person)
        );
        _refused(
            address(participants),
            abi.encodeCall(participants.suspendProvider, (clinician)),
            abi.encodeWithSelector(IParticipantRegistry.NotManager.selector, person, AREA)
        );
        // What only contracts may call is closed to everybody, whoever relays.
        _refused(address(participants), abi.encodeCall(participants.suspendForStrikes, (clinician)), "");
        _refused(address(records), abi.encodeCall(records.noteRestriction, (RECORD, true)), "");
    }

    function _done(address target, bytes memory data) internal {
        (bool succeeded,) = _call(target, data);
        vm.assertEq(succeeded, true, "refused");
    }

    function _refused(address target, bytes memory data, bytes memory reason) internal {
        (bool succeeded, bytes memory answer) = _call(target, data);
        vm.assertEq(succeeded, false, "went through");
        if (reason.length != 0) vm.assertEq(keccak256(answer), keccak256(reason), "reason");
    }
}

contract DirectDoorTest is DoorsTest {
    function _person() internal pure override returns (address) {
        return vm.addr(KEY);
    }

    function _call(address target, bytes memory data) internal override returns (bool, bytes memory) {
        vm.prank(person);
        return target.call(data);
    }
}

contract WalletDoorTest is DoorsTest {
    Wallet private _wallet;

    function _person() internal override returns (address) {
        _wallet = new Wallet(vm.addr(KEY));
        return address(_wallet);
    }

    function _call(address target, bytes memory data) internal override returns (bool, bytes memory) {
        vm.prank(vm.addr(KEY));
        return address(_wallet).call(abi.encodeCall(_wallet.execute, (target, data)));
    }
}

abstract contract RelayedDoorsTest is DoorsTest {
    /// @dev The forwarder tells that a call failed and not why, so the reason is asked of a call by its address with
    /// the signer appended, which is what it makes.
    function _call(address target, bytes memory data) internal override returns (bool, bytes memory answer) {
        ERC2771Forwarder.ForwardRequestData memory request = _signed(KEY, person, target, data);
        vm.prank(outsider);
        try forwarder.execute(request) {
            return (true, "");
        } catch {
            vm.prank(address(forwarder));
            (, answer) = target.call(abi.encodePacked(data, person));
            return (false, answer);
        }
    }
}

contract RelayedDoorTest is RelayedDoorsTest {
    function _person() internal pure override returns (address) {
        return vm.addr(KEY);
    }

    function test_P16_Relayed_WorksOnceOnly() public {
        bytes memory data = abi.encodeCall(participants.registerPatient, (AREA, _pidOf(person), PUBLIC_KEY));
        ERC2771Forwarder.ForwardRequestData memory request = _signed(KEY, person, address(participants), data);
        forwarder.execute(request);
        vm.assertEq(participants.patientOf(person), person, "patient");

        vm.expectRevert();
        forwarder.execute(request);
    }

    function test_P16_Relayed_EndsAtItsDeadline() public {
        bytes memory data = abi.encodeCall(participants.registerPatient, (AREA, _pidOf(person), PUBLIC_KEY));
        ERC2771Forwarder.ForwardRequestData memory request = _signed(KEY, person, address(participants), data);
        vm.warp(START + 1);

        vm.expectRevert(abi.encodeWithSelector(ERC2771Forwarder.ERC2771ForwarderExpiredRequest.selector, uint48(START)));
        forwarder.execute(request);
    }

    function test_P16_Relayed_IsNobodyElsesCall() public {
        bytes memory data = abi.encodeCall(participants.registerPatient, (AREA, _pidOf(person), PUBLIC_KEY));
        ERC2771Forwarder.ForwardRequestData memory request = _signed(KEY, person, address(participants), data);
        request.from = outsider;
        vm.expectRevert();
        forwarder.execute(request);

        // Whoever appends an address without being the forwarder is taken for himself.
        vm.prank(outsider);
        (bool succeeded,) = address(consents).call(abi.encodePacked(abi.encodeCall(consents.revokeAll, ()), patient));
        vm.assertEq(succeeded, false, "an address was believed");
    }
}

/// @dev A smart-contract wallet that signs requests, which somebody else sends.
contract RelayedWalletDoorTest is RelayedDoorsTest {
    function _person() internal override returns (address) {
        return address(new Wallet(vm.addr(KEY)));
    }
}
