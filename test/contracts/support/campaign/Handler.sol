// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Contracts} from "./Calls.sol";
import {ConsentCalls} from "./ConsentCalls.sol";
import {LogCalls} from "./LogCalls.sol";
import {ParticipantCalls} from "./ParticipantCalls.sol";
import {RecordCalls} from "./RecordCalls.sol";
import {Replay} from "./Replay.sol";

/// @notice Makes random calls by random actors on all contracts together. The model follows those that went through,
/// after asking itself whether they were allowed to; the replay follows their events. The invariants hold both against
/// the contracts.
contract Handler is ParticipantCalls, ConsentCalls, RecordCalls, LogCalls {
    uint256 private constant ACTORS = 5;

    constructor(Contracts memory contracts_, address governor) {
        (_at, _governor, replay) = (contracts_, governor, new Replay());
        _managerKey = uint256(keccak256("key of a manager"));
        _manager = vm.addr(_managerKey);
        for (uint256 i = 0; i < ACTORS; ++i) {
            uint256 key = uint256(keccak256(abi.encode("key of an actor", i)));
            _actors.push(vm.addr(key));
            _keyOf[_actors[i]] = key;
        }
    }

    function actors() external view returns (address[] memory) {
        return _actors;
    }

    function manager() external view returns (address) {
        return _manager;
    }

    /// @notice Everything that is called at random.
    function calls() external pure returns (bytes4[36] memory) {
        return [
            this.registerPatient.selector,
            this.enrolPatient.selector,
            this.changePublicKey.selector,
            this.registerProvider.selector,
            this.registerVerifiedProvider.selector,
            this.verifyProvider.selector,
            this.verifyProviders.selector,
            this.renewProvider.selector,
            this.suspendProvider.selector,
            this.reinstateProvider.selector,
            this.vouchForMembers.selector,
            this.dropMembers.selector,
            this.requestConsent.selector,
            this.declineRequest.selector,
            this.grantConsent.selector,
            this.amendConsent.selector,
            this.revokeConsent.selector,
            this.revokeAll.selector,
            this.restrictRecord.selector,
            this.liftRestriction.selector,
            this.warpToAnExpiry.selector,
            this.addRecord.selector,
            this.addRecords.selector,
            this.submitRecord.selector,
            this.acceptRecords.selector,
            this.rejectRecord.selector,
            this.supersedeRecord.selector,
            this.rewrapRecord.selector,
            this.moveRecord.selector,
            this.retireRecord.selector,
            this.callWhatOnlyContractsMay.selector,
            this.openRecords.selector,
            this.openAsSomebodyWhoMay.selector,
            this.openWhatIsRefused.selector,
            this.warp.selector,
            this.startEpoch.selector
        ];
    }
}
