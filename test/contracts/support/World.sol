// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {AccessLog} from "../../../contracts/AccessLog.sol";
import {ConsentRegistry} from "../../../contracts/ConsentRegistry.sol";
import {EmergencyAccess} from "../../../contracts/EmergencyAccess.sol";
import {Guardianship} from "../../../contracts/Guardianship.sol";
import {KeeperSet} from "../../../contracts/KeeperSet.sol";
import {KeeperView} from "../../../contracts/KeeperView.sol";
import {ParticipantRegistry} from "../../../contracts/ParticipantRegistry.sol";
import {RecordIndex} from "../../../contracts/RecordIndex.sol";
import {SessionForwarder} from "../../../contracts/SessionForwarder.sol";
import {
    Application,
    CompartmentSet,
    Consent,
    Decision,
    Opening,
    ProviderStatus,
    Purpose,
    PurposeSet,
    RecordId,
    RecordStatus,
    Role
} from "../../../contracts/types/Types.sol";
import {Vm} from "./Vm.sol";

/// @notice All contracts as they are deployed, and the actors by role. Every suite starts here.
abstract contract World {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint32 internal constant AREA = 41;
    uint32 internal constant OTHER_AREA = 49;
    uint48 internal constant START = 1_800_000_000;
    bytes32 internal constant KEY_HASH = keccak256("one-time key");
    bytes32 internal constant PUBLIC_KEY = keccak256("public key");

    RecordId internal constant RECORD = RecordId.wrap(keccak256("record"));
    RecordId internal constant OTHER_RECORD = RecordId.wrap(keccak256("other record"));
    RecordId internal constant UNKNOWN_RECORD = RecordId.wrap(keccak256("unknown record"));

    address internal governor = _actor("governor");
    address internal manager = _actor("manager");
    address internal otherManager = _actor("otherManager");
    address internal auditor = _actor("auditor");
    address internal patient = _actor("patient");
    address internal otherPatient = _actor("otherPatient");
    address internal clinician = _actor("clinician");
    address internal lab = _actor("lab");
    address internal outsider = _actor("outsider");
    address internal organisation = _actor("organisation");

    mapping(address accessor => uint32) private _nextPlace;

    AccessManager internal authority;
    SessionForwarder internal forwarder;
    ParticipantRegistry internal participants;
    ConsentRegistry internal consents;
    RecordIndex internal records;
    AccessLog internal log;
    Guardianship internal guardianship;
    EmergencyAccess internal emergencies;
    KeeperSet internal keepers;
    KeeperView internal keeperView;

    function setUp() public virtual {
        vm.warp(START);
        authority = new AccessManager(governor);
        forwarder = new SessionForwarder();
        guardianship = new Guardianship(address(forwarder));
        emergencies = new EmergencyAccess(address(guardianship), address(forwarder));
        log = new AccessLog(authority, guardianship, emergencies, forwarder);
        participants = ParticipantRegistry(address(log.PARTICIPANTS()));
        consents = ConsentRegistry(address(log.CONSENTS()));
        records = RecordIndex(address(consents.RECORDS()));
        keepers = new KeeperSet(address(authority));
        keeperView = new KeeperView(log, consents, records);

        _grantRole(participants.managerRole(AREA), manager);
        _grantRole(participants.managerRole(OTHER_AREA), otherManager);
        _grantRole(participants.AUDITOR_ROLE(), auditor);
    }

    // Actors

    function _actor(string memory name) internal returns (address account) {
        account = address(uint160(uint256(keccak256(bytes(name)))));
        vm.label(account, name);
    }

    function _grantRole(uint64 role, address account) internal {
        vm.prank(governor);
        authority.grantRole(role, account, 0);
    }

    // Steps that many stories share

    /// @dev Two patients, a verified clinician and a verified lab.
    function _enrolAll() internal {
        _enrolPatient(patient);
        _enrolPatient(otherPatient);
        _enrolProvider(clinician, Role.Clinician);
        _enrolProvider(lab, Role.Lab);
    }

    function _enrolPatient(address account) internal {
        vm.prank(account);
        participants.registerPatient(AREA, _pidOf(account), PUBLIC_KEY);
    }

    function _enrolProvider(address account, Role role) internal {
        vm.prank(account);
        participants.registerProvider(_application(role));
        vm.prank(manager);
        participants.verifyProvider(account, _application(role), START + 365 days);
    }

    function _addRecord(RecordId recordId, address owner, uint8 compartment) internal {
        vm.prank(owner);
        records.addRecord(recordId, owner, compartment);
    }

    function _accept(RecordId recordId, uint8 compartment) internal {
        vm.prank(patient);
        records.acceptRecords(_one(recordId), _oneNumber(compartment));
    }

    /// @dev An organisation that counts, and the clinician as a member that both sides name.
    function _enrolMember() internal {
        _enrolProvider(organisation, Role.Hospital);
        Application memory application = _application(Role.Clinician);
        application.organisation = organisation;
        vm.prank(clinician);
        participants.registerProvider(application);
        vm.prank(manager);
        participants.verifyProvider(clinician, application, START + 365 days);
        vm.prank(organisation);
        participants.vouchForMembers(_oneAccount(clinician));
    }

    function _grant(address owner, address accessor, Consent memory consent) internal {
        vm.prank(owner);
        consents.grantConsent(accessor, consent);
    }

    function _open(address accessor, RecordId recordId, Purpose purpose) internal returns (Opening memory opening) {
        opening = _opening(accessor, _nextPlace[accessor]++, purpose, recordId);
        vm.prank(accessor);
        log.openRecords(opening.recordIds, purpose, KEY_HASH, opening.place);
    }

    /// @dev When a place of an accessor's is free again; zero if it was never used.
    function _freeAt(address accessor, uint32 place) internal view returns (uint48) {
        return log.placesOf(accessor, place, 1)[0];
    }

    // Values

    function _pidOf(address account) internal pure returns (bytes32) {
        return keccak256(abi.encode("pid", account));
    }

    function _application(Role role) internal pure returns (Application memory) {
        return Application({role: role, area: AREA, organisation: address(0), credentialHash: keccak256("credential")});
    }

    /// @dev Compartments 0 to 7, for treatment, for 30 days from now.
    function _consent() internal view returns (Consent memory) {
        return Consent({
            compartments: CompartmentSet.wrap(0xff),
            purposes: _only(Purpose.Treatment),
            startsAt: 0,
            expiresAt: uint48(block.timestamp) + 30 days,
            mayWrite: false
        });
    }

    function _consentFor(Purpose purpose) internal view returns (Consent memory consent) {
        consent = _consent();
        consent.purposes = _only(purpose);
    }

    function _writingConsent() internal view returns (Consent memory consent) {
        consent = _consent();
        consent.mayWrite = true;
    }

    function _only(Purpose purpose) internal pure returns (PurposeSet) {
        return PurposeSet.wrap(uint16(1) << uint8(purpose));
    }

    function _one(RecordId recordId) internal pure returns (RecordId[] memory ids) {
        ids = new RecordId[](1);
        ids[0] = recordId;
    }

    function _oneNumber(uint8 number) internal pure returns (uint8[] memory numbers) {
        numbers = new uint8[](1);
        numbers[0] = number;
    }

    function _oneAccount(address account) internal pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }

    function _opening(address accessor, uint32 place, Purpose purpose, RecordId recordId)
        internal
        view
        returns (Opening memory)
    {
        return Opening({
            accessor: accessor,
            place: place,
            purpose: purpose,
            openedAt: uint48(block.timestamp),
            keyHash: KEY_HASH,
            recordIds: _one(recordId)
        });
    }

    // Expectations

    function _assertDecision(address accessor, RecordId recordId, Purpose purpose, Decision expected) internal view {
        (Decision decision,) = consents.decide(accessor, recordId, purpose);
        vm.assertEq(uint256(decision), uint256(expected), "decision");
    }

    function _assertStatus(RecordId recordId, RecordStatus expected) internal view {
        vm.assertEq(uint256(records.recordOf(recordId).status), uint256(expected), "record status");
    }

    function _assertStatus(address provider, ProviderStatus expected) internal view {
        vm.assertEq(uint256(participants.providerOf(provider).status), uint256(expected), "provider status");
    }

    function _bound(uint256 value, uint256 min, uint256 max) internal pure returns (uint256) {
        return min + value % (max - min + 1);
    }
}
