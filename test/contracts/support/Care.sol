// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    Application,
    CompartmentSet,
    Decision,
    EmergencyReason,
    MinorAppointment,
    Purpose,
    Role
} from "../../../contracts/types/Types.sol";
import {Requests} from "./Requests.sol";

/// @notice A patient with three guardians of whom two are enough, an emergency set, and clinicians whose credentials
/// are their own.
abstract contract Care is Requests {
    Purpose internal constant ETREAT = Purpose.EmergencyTreatment;
    /// @dev Compartments 3 and 4.
    CompartmentSet internal constant SET = CompartmentSet.wrap(0x18);
    uint256 internal constant GUARDIAN_KEY = uint256(keccak256("key of a guardian"));

    address[] internal guardians;
    address internal requester = _actor("requester");
    address internal colleague = _actor("colleague");
    address internal secondColleague = _actor("secondColleague");
    address internal newWallet = _actor("newWallet");
    address internal representative = _actor("representative");
    address internal secondManager = _actor("secondManager");

    function setUp() public virtual override {
        super.setUp();
        _enrolAll();
        _enrolWith(requester, Role.Clinician, "requester");
        _enrolWith(colleague, Role.Clinician, "colleague");
        _enrolWith(secondColleague, Role.Clinician, "second colleague");
        _grantRole(participants.managerRole(AREA), secondManager);
        _addRecord(RECORD, patient, 3);
        _addRecord(OTHER_RECORD, patient, 5);
        vm.prank(patient);
        emergencies.setEmergencySet(SET);
        guardians = _sorted(_actor("guardian"), _actor("otherGuardian"), vm.addr(GUARDIAN_KEY));
        vm.prank(patient);
        guardianship.setGuardians(guardians, 2);
    }

    function _enrolWith(address account, Role role, string memory credential) internal {
        Application memory application = _application(role);
        application.credentialHash = keccak256(bytes(credential));
        vm.prank(account);
        participants.registerProvider(application);
        vm.prank(manager);
        participants.verifyProvider(account, application, START + 365 days);
    }

    function _request() internal returns (uint64) {
        vm.prank(requester);
        return emergencies.requestEmergency(patient, EmergencyReason.CannotAnswer, 0);
    }

    function _coSign(uint64 emergencyId, address account) internal {
        vm.prank(account);
        emergencies.coSignEmergency(emergencyId);
    }

    function _confirm(uint64 emergencyId, address account) internal {
        vm.prank(account);
        emergencies.confirmEmergency(emergencyId, guardians);
    }

    function _openedEmergency() internal returns (uint64 emergencyId) {
        emergencyId = _request();
        _coSign(emergencyId, colleague);
        _coSign(emergencyId, secondColleague);
    }

    function _approve(address guardian) internal {
        vm.prank(guardian);
        guardianship.approveWallet(patient, newWallet, guardians);
    }

    /// @dev Two of three guardians approved the new wallet; the time to object runs.
    function _recovering() internal returns (uint48 readyAt) {
        _approve(guardians[0]);
        _approve(guardians[1]);
        return guardianship.moveOf(patient, newWallet).readyAt;
    }

    function _recovered() internal {
        vm.warp(_recovering());
        vm.prank(newWallet);
        guardianship.takeWallet(patient);
    }

    function _represented() internal {
        vm.prank(patient);
        guardianship.appointRepresentative(representative, uint48(block.timestamp) + 30 days);
    }

    function _minor() internal view returns (MinorAppointment memory) {
        return MinorAppointment(AREA, _pidOf(patient), representative, START + 365 days);
    }

    function _act(address target, bytes memory call) internal {
        vm.prank(representative);
        guardianship.actFor(patient, target, call);
    }

    function _assertEmergency(Decision expected) internal view {
        _assertDecision(requester, RECORD, ETREAT, expected);
    }

    function _sorted(address a, address b, address c) internal pure returns (address[] memory list) {
        list = new address[](3);
        if (a > b) (a, b) = (b, a);
        if (b > c) (b, c) = (c, b);
        if (a > b) (a, b) = (b, a);
        (list[0], list[1], list[2]) = (a, b, c);
    }
}
