// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CompartmentSet, Decision, Emergency, EmergencyReason, Purpose, RecordId} from "../../contracts/types/Types.sol";
import {Care} from "./support/Care.sol";

/// @notice Everybody tries everything about emergencies and wallets, at random. Nobody has a consent: whatever is
/// permitted to a clinician is an emergency's doing. A plain account of what was opened is kept beside the contracts.
contract CareHandler is Care {
    struct Opened {
        uint64 compartments;
        uint48 from;
        uint48 until;
    }

    RecordId[] private _records;
    address[] private _people;
    address[] public wallets;
    mapping(address requester => Opened) public opened;
    uint256 public openings;
    uint256 private _calls;
    uint256 public moves;

    constructor() {
        super.setUp();
        for (uint8 i = 0; i < 8; ++i) {
            RecordId id = RecordId.wrap(keccak256(abi.encode("campaign", i)));
            _addRecord(id, patient, i);
            _records.push(id);
        }
        wallets = [patient, newWallet, _actor("thirdWallet"), _actor("fourthWallet")];
        _people =
            [requester, colleague, secondColleague, lab, outsider, manager, guardians[0], guardians[1], guardians[2]];
    }

    /// @dev Made once; called at random it does nothing.
    function setUp() public override {}

    function passTime(uint256 seconds_) external {
        vm.warp(block.timestamp + _bound(seconds_, 1, 2 hours));
    }

    function passDays(uint256 days_) external {
        vm.warp(block.timestamp + _bound(days_, 1, 2) * 1 days);
    }

    function mark(uint256 who, uint64 compartments) external {
        _try(
            _wallet(who),
            address(emergencies),
            abi.encodeCall(emergencies.setEmergencySet, (CompartmentSet.wrap(compartments | 1)))
        );
    }

    function request(uint256 who) external {
        bytes memory call = abi.encodeCall(emergencies.requestEmergency, (patient, EmergencyReason.LifeAtRisk, 0));
        _try(_person(who), address(emergencies), call);
    }

    function coSign(uint256 who, uint64 back) external {
        uint64 id = _recent(back);
        _try(_person(who), address(emergencies), abi.encodeCall(emergencies.coSignEmergency, (id)));
        _note(id);
    }

    function confirm(uint256 who, uint64 back) external {
        uint64 id = _recent(back);
        _try(_person(who), address(emergencies), abi.encodeCall(emergencies.confirmEmergency, (id, guardians)));
        _note(id);
    }

    function end(uint256 who, uint64 back) external {
        uint64 id = _recent(back);
        address by = who % 2 == 0 ? _person(who / 2) : _wallet(who / 2);
        if (!_try(by, address(emergencies), abi.encodeCall(emergencies.endEmergency, (id)))) return;
        address whose = emergencies.emergencyOf(id).requester;
        if (emergencies.emergencyOf(id).openedAt != 0) opened[whose].until = uint48(block.timestamp);
    }

    function review(uint256 who, uint64 back, bool justified) external {
        address by = who % 2 == 0 ? _person(who / 2) : _wallet(who / 2);
        _try(by, address(emergencies), abi.encodeCall(emergencies.reviewEmergency, (_recent(back), justified)));
    }

    function reinstate(uint256 who) external {
        _try(manager, address(participants), abi.encodeCall(participants.reinstateProvider, (_person(who))));
    }

    function approve(uint256 who, uint256 wallet) external {
        bytes memory call = abi.encodeCall(guardianship.approveWallet, (patient, _wallet(wallet), guardians));
        _try(_person(who), address(guardianship), call);
    }

    function object(uint256 who, uint256 wallet) external {
        _try(_wallet(who), address(guardianship), abi.encodeCall(guardianship.objectToWallet, (_wallet(wallet))));
    }

    function offer(uint256 who, uint256 wallet) external {
        _try(_wallet(who), address(guardianship), abi.encodeCall(guardianship.offerWallet, (_wallet(wallet))));
    }

    function take(uint256 wallet) external {
        if (_try(_wallet(wallet), address(guardianship), abi.encodeCall(guardianship.takeWallet, (patient)))) ++moves;
    }

    /// @dev P19 for one clinician and record, whatever the purpose.
    function holdsFor(uint256 who, uint256 which, uint8 purpose) public view {
        address person = _person(who);
        RecordId id = _records[which % _records.length];
        Purpose why = Purpose(purpose % (uint8(type(Purpose).max) + 1));
        (Decision decision,) = consents.decide(person, id, why);
        if (decision != Decision.Permit) return;
        Opened memory o = opened[person];
        uint8 compartment = records.recordOf(id).compartment;
        uint64 now_ = CompartmentSet.unwrap(emergencies.emergencySetOf(patient));
        vm.assertEq(why == Purpose.EmergencyTreatment, true, "purpose");
        vm.assertEq(block.timestamp >= o.from && block.timestamp < o.until, true, "window");
        vm.assertEq((o.compartments & now_) >> compartment & 1, 1, "set");
        vm.assertEq(participants.isVerified(person), true, "verified");
    }

    /// @dev The clinicians take turns, so that a run asks for each of them and each record often enough.
    function holdsForOneInTurn() external view {
        for (uint256 i = 0; i < 2; ++i) {
            holdsFor(_calls + i, _calls / 3, uint8(Purpose.EmergencyTreatment));
        }
        holdsFor(_calls % 3, _calls, uint8(_calls % 9));
    }

    function walletsOfThePatient() external view returns (uint256 count) {
        for (uint256 i = 0; i < wallets.length; ++i) {
            if (participants.patientOf(wallets[i]) == patient) ++count;
        }
    }

    function currentWallet() external view returns (address) {
        return participants.walletOf(patient);
    }

    function patientOfCurrentWallet() external view returns (address) {
        return participants.patientOf(participants.walletOf(patient));
    }

    function patientId() external view returns (address) {
        return patient;
    }

    function _note(uint64 id) private {
        Emergency memory e = emergencies.emergencyOf(id);
        if (e.openedAt != block.timestamp || e.requester == address(0)) return;
        Opened storage o = opened[e.requester];
        if (o.from == e.openedAt) return;
        uint64 set = CompartmentSet.unwrap(emergencies.emergencySetOf(patient));
        opened[e.requester] = Opened(set, e.openedAt, e.openedAt + uint48(emergencies.EMERGENCY_PERIOD()));
        ++openings;
    }

    function _try(address who, address target, bytes memory call) private returns (bool succeeded) {
        ++_calls;
        vm.prank(who);
        (succeeded,) = target.call(call);
    }

    function _recent(uint64 back) private view returns (uint64) {
        uint64 count = emergencies.emergencyCount();
        return count > back % 3 ? count - back % 3 : count;
    }

    function _person(uint256 who) private view returns (address) {
        return _people[who % _people.length];
    }

    function _wallet(uint256 who) private view returns (address) {
        return wallets[who % wallets.length];
    }
}

contract CareInvariantsTest is Care {
    CareHandler private _handler;

    function setUp() public override {
        _handler = new CareHandler();
    }

    function targetContracts() external view returns (address[] memory) {
        return _oneAccount(address(_handler));
    }

    function invariant_P19_AnEmergencyStaysInItsSetWindowAndRequester() public view {
        _handler.holdsForOneInTurn();
    }

    function invariant_P20_APatientHasOneWallet() public view {
        vm.assertEq(_handler.walletsOfThePatient(), 1, "wallets");
        vm.assertEq(_handler.patientOfCurrentWallet(), _handler.patientId(), "there and back");
    }
}
