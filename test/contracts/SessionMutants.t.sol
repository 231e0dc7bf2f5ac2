// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";

import {IAccessLog} from "../../contracts/interfaces/IAccessLog.sol";
import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {IParticipantRegistry} from "../../contracts/interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "../../contracts/interfaces/IRecordIndex.sol";
import {ISessionForwarder} from "../../contracts/interfaces/ISessionForwarder.sol";
import {Purpose, RecordId, Role} from "../../contracts/types/Types.sol";
import {Requests} from "./support/Requests.sol";

/// @notice The edges of a session, to the second and to the selector, and a type of its own for each action: what the
/// other tests would not have noticed.
contract SessionMutantsTest is Requests {
    uint256 private constant WALLET_KEY = uint256(keccak256("key of the clinician's wallet"));
    uint256 private constant SESSION_KEY = uint256(keccak256("key of the session"));
    uint48 private constant END = START + 1 hours;

    address private _person = vm.addr(WALLET_KEY);
    address private _key = vm.addr(SESSION_KEY);
    bytes4[] private _actions;

    function setUp() public override {
        super.setUp();
        _enrolAll();
        _enrolProvider(_person, Role.Clinician);
        _addRecord(RECORD, patient, 3);
        _grant(patient, _person, _consent());
        vm.prank(_person);
        forwarder.startSession(_key, END);
    }

    function test_SessionOf_StandsUntilTheLastSecond() public {
        vm.warp(END - 1);
        (address key, uint48 expiresAt) = forwarder.sessionOf(_person);
        vm.assertEq(key, _key, "key");
        vm.assertEq(uint256(expiresAt), END, "expiresAt");

        vm.warp(END);
        (key, expiresAt) = forwarder.sessionOf(_person);
        vm.assertEq(key, address(0), "no key");
        vm.assertEq(uint256(expiresAt), 0, "no time");
    }

    function test_SessionKey_CountsUntilTheLastSecond() public {
        vm.warp(END - 1);
        vm.assertEq(forwarder.verify(_opening()), true, "in the last second");
        vm.warp(END);
        vm.assertEq(forwarder.verify(_opening()), false, "at its end");
    }

    function test_StartSession_RevertsIf_ItEndsNow() public {
        vm.prank(_person);
        vm.expectRevert(
            abi.encodeWithSelector(ISessionForwarder.SessionPeriodInvalid.selector, uint48(START), START + 12 hours)
        );
        forwarder.startSession(_key, START);
    }

    function testFuzz_SessionKey_SignsNothingButOpenings(bytes4 selector) public view {
        if (selector == IAccessLog.openRecords.selector) return;
        bytes memory data = abi.encodePacked(selector, new bytes(640));
        vm.assertEq(forwarder.verify(_signedByKey(SESSION_KEY, _person, address(log), data)), false, "another function");
    }

    function test_SessionKey_SignsOpeningsOfTheLogAlone() public view {
        bytes memory data = _opening().data;
        address[4] memory others = [address(consents), address(records), address(participants), address(forwarder)];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.assertEq(
                forwarder.verify(_signedByKey(SESSION_KEY, _person, others[i], data)), false, "another contract"
            );
        }
    }

    /// @dev Of the same words each action makes another hash, and none the bare request's.
    function test_Actions_HaveATypeOfTheirOwn() public {
        _listActions();
        for (uint256 i = 0; i < _actions.length; ++i) {
            bytes32 hash = _hashOf(_actions[i]);
            ERC2771Forwarder.ForwardRequestData memory bare = _requestOf(_actions[i]);
            vm.assertEq(hash != _forwardHash(bare, 0), true, "has a type");
            for (uint256 j = 0; j < i; ++j) {
                vm.assertEq(hash != _hashOf(_actions[j]), true, "its own");
            }
        }
    }

    function testFuzz_OtherCalls_NobodySigns(bytes4 selector) public {
        _listActions();
        for (uint256 i = 0; i < _actions.length; ++i) {
            if (selector == _actions[i]) return;
        }
        ERC2771Forwarder.ForwardRequestData memory request = _requestOf(selector);
        request.signature = _sign(WALLET_KEY, _forwardHash(request, 0));
        vm.assertEq(forwarder.verify(request), false, "bare");
        request.signature = _sign(WALLET_KEY, _actionHash(request, 0));
        vm.assertEq(forwarder.verify(request), false, "as an action without a type");
    }

    function test_Actions_AreNotSignedBare() public {
        _listActions();
        for (uint256 i = 0; i < _actions.length; ++i) {
            ERC2771Forwarder.ForwardRequestData memory request = _requestOf(_actions[i]);
            request.signature = _sign(WALLET_KEY, _forwardHash(request, 0));
            vm.assertEq(forwarder.verify(request), false, "bare");
            request.signature = _sign(WALLET_KEY, _actionHash(request, 0));
            vm.assertEq(forwarder.verify(request), true, "as the action");
            request.value = 1;
            vm.assertEq(forwarder.verify(request), false, "with ether");
        }
    }

    function _opening() private view returns (ERC2771Forwarder.ForwardRequestData memory) {
        RecordId[] memory ids = _one(RECORD);
        bytes memory data = abi.encodeCall(log.openRecords, (ids, Purpose.Treatment, KEY_HASH, 0));
        return _signedByKey(SESSION_KEY, _person, address(log), data);
    }

    function _hashOf(bytes4 selector) private view returns (bytes32) {
        return _actionHash(_requestOf(selector), 0);
    }

    function _requestOf(bytes4 selector) private view returns (ERC2771Forwarder.ForwardRequestData memory) {
        return _unsigned(_person, address(log), abi.encodePacked(selector, new bytes(640)));
    }

    function _listActions() private {
        _actions = [
            ISessionForwarder.startSession.selector,
            ISessionForwarder.endSession.selector,
            IAccessLog.openRecords.selector,
            IConsentRegistry.grantConsent.selector,
            IConsentRegistry.amendConsent.selector,
            IConsentRegistry.requestConsent.selector,
            IConsentRegistry.declineRequest.selector,
            IConsentRegistry.revokeConsent.selector,
            IConsentRegistry.revokeAll.selector,
            IConsentRegistry.restrictRecord.selector,
            IConsentRegistry.liftRestriction.selector
        ];
        _listRecordActions();
        _listParticipantActions();
    }

    function _listRecordActions() private {
        _actions.push(IRecordIndex.addRecord.selector);
        _actions.push(IRecordIndex.addRecords.selector);
        _actions.push(IRecordIndex.submitRecord.selector);
        _actions.push(IRecordIndex.acceptRecords.selector);
        _actions.push(IRecordIndex.rejectRecord.selector);
        _actions.push(IRecordIndex.moveRecord.selector);
        _actions.push(IRecordIndex.rewrapRecord.selector);
        _actions.push(IRecordIndex.supersedeRecord.selector);
        _actions.push(IRecordIndex.retireRecord.selector);
    }

    function _listParticipantActions() private {
        _actions.push(IParticipantRegistry.registerPatient.selector);
        _actions.push(IParticipantRegistry.enrolPatient.selector);
        _actions.push(IParticipantRegistry.changePublicKey.selector);
        _actions.push(IParticipantRegistry.registerProvider.selector);
        _actions.push(IParticipantRegistry.registerVerifiedProvider.selector);
        _actions.push(IParticipantRegistry.verifyProvider.selector);
        _actions.push(IParticipantRegistry.verifyProviders.selector);
        _actions.push(IParticipantRegistry.renewProvider.selector);
        _actions.push(IParticipantRegistry.suspendProvider.selector);
        _actions.push(IParticipantRegistry.reinstateProvider.selector);
        _actions.push(IParticipantRegistry.vouchForMembers.selector);
        _actions.push(IParticipantRegistry.dropMembers.selector);
    }
}
