// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";

import {IEmergencyAccess} from "../../contracts/interfaces/IEmergencyAccess.sol";
import {IGuardianship} from "../../contracts/interfaces/IGuardianship.sol";
import {IKeeperView} from "../../contracts/interfaces/IKeeperView.sol";
import {
    Decision,
    EmergencyReason,
    MinorAppointment,
    Opening,
    ProviderStatus,
    Purpose,
    Role
} from "../../contracts/types/Types.sol";
import {Care} from "./support/Care.sol";

/// @notice What those would try who want to read in an emergency that is none, or to become somebody else.
contract CareAttacksTest is Care {
    uint256 private constant SESSION_KEY = uint256(keccak256("key of a session"));

    function test_Attack_AGuardianAlone() public {
        uint64 id = _request();
        _approve(guardians[0]);
        _confirm(id, guardians[0]);
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert();
            _approve(guardians[0]);
            vm.expectRevert();
            _confirm(id, guardians[0]);
        }
        vm.warp(START + 4 days);
        _takeRefused(newWallet);
        _assertEmergency(Decision.ConsentMissing);
        // Nor with a list that it made itself.
        address[] memory own = new address[](2);
        (own[0], own[1]) = (address(1), guardians[0]);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.GuardiansWrong.selector, patient));
        vm.prank(guardians[0]);
        guardianship.approveWallet(patient, newWallet, own);
    }

    // One guardian short, with the missing one's signature for something else.

    function test_Attack_ReplayedSignature_OfAnotherPatient() public {
        vm.prank(otherPatient);
        guardianship.setGuardians(guardians, 2);
        ERC2771Forwarder.ForwardRequestData memory request = _signedApproval(otherPatient);
        _approve(guardians[0] == _guardian() ? guardians[1] : guardians[0]);
        request.data = abi.encodeCall(guardianship.approveWallet, (patient, newWallet, guardians));
        _executeRefused(request);
        _stillOneShort();
    }

    function test_Attack_ReplayedSignature_OfAnotherChain() public {
        uint256 here = this.chain();
        vm.chainId(here + 1);
        ERC2771Forwarder.ForwardRequestData memory request = _signedApproval(patient);
        vm.chainId(here);
        _executeRefused(request);
        _stillOneShort();
    }

    /// @dev Through a call: the compiler takes `block.chainid` for constant, and may read it anew later.
    function chain() external view returns (uint256) {
        return block.chainid;
    }

    function test_Attack_ReplayedSignature_AfterItsDeadline() public {
        ERC2771Forwarder.ForwardRequestData memory request = _signedApproval(patient);
        vm.warp(START + 1);
        _executeRefused(request);
        request.deadline = START + 1;
        _executeRefused(request);
        _stillOneShort();
    }

    function test_Attack_ReplayedSignature_OfAnotherContract() public {
        ERC2771Forwarder.ForwardRequestData memory request = _signedApproval(patient);
        request.to = address(emergencies);
        _executeRefused(request);
        uint64 id = _request();
        request.data = abi.encodeCall(emergencies.confirmEmergency, (id, guardians));
        _executeRefused(request);
        _stillOneShort();
    }

    function test_Attack_ReplayedSignature_Twice() public {
        ERC2771Forwarder.ForwardRequestData memory request = _signedApproval(patient);
        forwarder.execute(request);
        _executeRefused(request);
        _stillOneShort();
    }

    function test_Attack_AClinicianWithTwoWallets() public {
        address twin = _actor("twin");
        _enrolWith(twin, Role.Clinician, "requester");
        uint64 id = _request();
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.SameCredential.selector, twin, requester));
        _coSign(id, twin);
        // Nor two wallets of one colleague.
        address colleagueTwin = _actor("colleagueTwin");
        _enrolWith(colleagueTwin, Role.Clinician, "colleague");
        _coSign(id, colleague);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.SameCredential.selector, colleagueTwin, colleague));
        _coSign(id, colleagueTwin);
        // Nor as a guardian with the other wallet.
        address[] memory list = _sorted(guardians[0], guardians[1], twin);
        vm.prank(patient);
        guardianship.setGuardians(list, 2);
        id = _request();
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.SameCredential.selector, twin, requester));
        vm.prank(twin);
        emergencies.confirmEmergency(id, list);
        _assertEmergency(Decision.ConsentMissing);
    }

    function test_Attack_AClinicianRenewedOrReinstatedKeepsTheCredential() public {
        address twin = _actor("twin");
        _enrolWith(twin, Role.Clinician, "requester");
        vm.prank(manager);
        participants.renewProvider(twin, START + 400 days);
        vm.prank(manager);
        participants.suspendProvider(twin);
        vm.prank(manager);
        participants.reinstateProvider(twin);
        uint64 id = _request();
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.SameCredential.selector, twin, requester));
        _coSign(id, twin);
    }

    function test_Attack_ACollusionWithSomebodyUnregistered() public {
        uint64 id = _request();
        _coSign(id, colleague);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.NotClinician.selector, outsider));
        _coSign(id, outsider);
        vm.prank(outsider);
        participants.registerProvider(_application(Role.Clinician));
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.NotClinician.selector, outsider));
        _coSign(id, outsider);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.NotGuardian.selector, outsider, patient));
        _confirm(id, outsider);
        _assertEmergency(Decision.ConsentMissing);
    }

    function test_Attack_AnObjectionInTheLastSecondHolds() public {
        uint48 readyAt = _recovering();
        vm.warp(readyAt - 1);
        vm.prank(patient);
        guardianship.objectToWallet(newWallet);
        vm.warp(readyAt);
        _takeRefused(newWallet);
        vm.assertEq(participants.patientOf(patient), patient, "the old wallet stays");
    }

    function test_Attack_AnObjectionInTheSameBlockHoldsIfItComesFirst() public {
        vm.warp(_recovering());
        vm.prank(patient);
        guardianship.objectToWallet(newWallet);
        _takeRefused(newWallet);
        // And comes too late afterwards: the old wallet is nobody's.
        vm.warp(_recovering());
        vm.prank(newWallet);
        guardianship.takeWallet(patient);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.NotPatient.selector, patient));
        vm.prank(patient);
        guardianship.objectToWallet(newWallet);
    }

    function test_Attack_AnObjectionEndsAllThatIsUnderWay() public {
        address third = _actor("third");
        _recovering();
        vm.prank(guardians[0]);
        guardianship.approveWallet(patient, third, guardians);
        vm.prank(guardians[1]);
        guardianship.approveWallet(patient, third, guardians);
        vm.prank(patient);
        guardianship.objectToWallet(third);
        vm.warp(START + 3 days);
        _takeRefused(newWallet);
        _takeRefused(third);
    }

    function test_Attack_TwoRecoveriesAtOnceLeaveOneWallet() public {
        address third = _actor("third");
        _recovering();
        vm.prank(guardians[1]);
        guardianship.approveWallet(patient, third, guardians);
        vm.prank(guardians[2]);
        guardianship.approveWallet(patient, third, guardians);
        vm.warp(START + 3 days);
        vm.prank(third);
        guardianship.takeWallet(patient);
        _takeRefused(newWallet);
        vm.assertEq(participants.walletOf(patient), third, "one");
        vm.assertEq(participants.patientOf(newWallet), address(0), "not two");
    }

    function test_Attack_RecoveryDuringBreakTheGlass() public {
        uint48 readyAt = _recovering();
        vm.warp(readyAt - 1 hours);
        uint64 id = _openedEmergency();
        vm.warp(readyAt);
        vm.prank(newWallet);
        guardianship.takeWallet(patient);
        // The emergency is as it was: no longer, no wider, and the new wallet's to end.
        _assertEmergency(Decision.Permit);
        _assertDecision(requester, OTHER_RECORD, ETREAT, Decision.ConsentMissing);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.EmergencyNotYours.selector, id));
        vm.prank(patient);
        emergencies.endEmergency(id);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyAccess.NotPatient.selector, patient));
        vm.prank(patient);
        emergencies.setEmergencySet(SET);
        vm.prank(newWallet);
        emergencies.endEmergency(id);
        _assertEmergency(Decision.ConsentMissing);
        vm.prank(newWallet);
        emergencies.reviewEmergency(id, false);
    }

    function test_Attack_AGuardianSetChangedDuringARecovery() public {
        vm.warp(_recovering());
        vm.prank(patient);
        guardianship.setGuardians(guardians, 3);
        _takeRefused(newWallet);
        // And old approvals don't add up with new ones.
        _approve(guardians[2]);
        vm.assertEq(uint256(guardianship.moveOf(patient, newWallet).approvals), 4, "one, at place 2");
    }

    function test_Attack_StrikesDuringAnEmergency() public {
        _openedEmergency();
        for (uint32 i = 0; i < 7; ++i) {
            _open(requester, OTHER_RECORD, ETREAT);
        }
        _assertEmergency(Decision.Permit);
        Opening memory opening = _open(requester, RECORD, ETREAT);
        _open(requester, OTHER_RECORD, ETREAT);
        _assertStatus(requester, ProviderStatus.Suspended);
        _assertEmergency(Decision.AccessorSuspended);
        _assertKeepers(opening, Decision.AccessorSuspended);
    }

    function test_Attack_AnOpeningASecondAfterIsRefusedAndNoStrike() public {
        _openedEmergency();
        vm.warp(START + 4 hours + 1);
        _open(requester, RECORD, ETREAT);
        (uint32 strikes,) = log.strikesOf(requester);
        vm.assertEq(uint256(strikes), 0, "it may be a race");
        vm.warp(START + 5 hours);
        _open(requester, RECORD, ETREAT);
        (strikes,) = log.strikesOf(requester);
        vm.assertEq(uint256(strikes), 1, "it is none any more");
    }

    function test_Attack_KeepersAskedASecondAfter() public {
        _openedEmergency();
        vm.warp(START + 4 hours - 1);
        Opening memory opening = _open(requester, RECORD, ETREAT);
        _assertKeepers(opening, Decision.Permit);
        vm.warp(START + 4 hours + 1);
        // The opening stands, as keepers answer for an hour; the permission does not.
        vm.assertEq(log.standingOpening(opening) != 0, true, "opening");
        _assertKeepers(opening, Decision.ConsentMissing);
    }

    function test_Attack_ASessionsKeyDoesNoneOfThis() public {
        vm.prank(requester);
        forwarder.startSession(vm.addr(SESSION_KEY), START + 1 hours);
        vm.prank(patient);
        forwarder.startSession(vm.addr(SESSION_KEY), START + 1 hours);
        uint64 id = _request();
        bytes memory call = abi.encodeCall(emergencies.requestEmergency, (patient, EmergencyReason.LifeAtRisk, 0));
        _keyRefused(requester, address(emergencies), call);
        _keyRefused(requester, address(emergencies), abi.encodeCall(emergencies.coSignEmergency, (id)));
        _keyRefused(patient, address(emergencies), abi.encodeCall(emergencies.setEmergencySet, (SET)));
        _keyRefused(patient, address(emergencies), abi.encodeCall(emergencies.reviewEmergency, (id, true)));
        _keyRefused(patient, address(guardianship), abi.encodeCall(guardianship.setGuardians, (guardians, 2)));
        _keyRefused(patient, address(guardianship), abi.encodeCall(guardianship.offerWallet, (newWallet)));
        _keyRefused(patient, address(guardianship), abi.encodeCall(guardianship.objectToWallet, (newWallet)));
        call = abi.encodeCall(guardianship.appointRepresentative, (outsider, START + 1 days));
        _keyRefused(patient, address(guardianship), call);
    }

    function test_Attack_AManagerAloneMovesNobody() public {
        MinorAppointment memory appointment = _minor();
        vm.prank(manager);
        guardianship.appointForMinor(appointment);
        vm.warp(START + 6 days);
        _assertDecision(representative, RECORD, ETREAT, Decision.AccessorUnknown);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.NotGuardian.selector, manager, patient));
        _approve(manager);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.NotPatient.selector, manager));
        vm.prank(manager);
        guardianship.offerWallet(newWallet);
        vm.expectRevert();
        vm.prank(manager);
        participants.moveWallet(patient, newWallet);
    }

    function test_Attack_ARepresentativeOfThePatientDoesNotOpenAnEmergency() public {
        _represented();
        uint64 id = _request();
        vm.expectRevert();
        _act(address(emergencies), abi.encodeCall(emergencies.coSignEmergency, (id)));
        vm.expectRevert();
        _act(address(emergencies), abi.encodeCall(emergencies.confirmEmergency, (id, guardians)));
        vm.prank(representative);
        vm.expectRevert(abi.encodeWithSelector(IGuardianship.NotGuardian.selector, representative, patient));
        emergencies.confirmEmergency(id, guardians);
    }

    function _guardian() private pure returns (address) {
        return vm.addr(GUARDIAN_KEY);
    }

    function _signedApproval(address whose) private view returns (ERC2771Forwarder.ForwardRequestData memory) {
        bytes memory call = abi.encodeCall(guardianship.approveWallet, (whose, newWallet, guardians));
        return _signed(GUARDIAN_KEY, _guardian(), address(guardianship), call);
    }

    function _executeRefused(ERC2771Forwarder.ForwardRequestData memory request) private {
        vm.expectRevert();
        forwarder.execute(request);
    }

    function _keyRefused(address person, address target, bytes memory call) private {
        ERC2771Forwarder.ForwardRequestData memory request = _signedByKey(SESSION_KEY, person, target, call);
        _executeRefused(request);
    }

    function _takeRefused(address wallet) private {
        vm.expectRevert();
        vm.prank(wallet);
        guardianship.takeWallet(patient);
    }

    function _stillOneShort() private view {
        vm.assertEq(uint256(guardianship.moveOf(patient, newWallet).readyAt), 0, "not ready");
    }

    function _assertKeepers(Opening memory opening, Decision expected) private view {
        (, IKeeperView.RecordState[] memory states) = keeperView.releaseState(opening);
        vm.assertEq(uint256(states[0].decision), uint256(expected), "keepers");
    }
}
