// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "../../../../contracts/interfaces/IAccessLog.sol";
import {IConsentRegistry} from "../../../../contracts/interfaces/IConsentRegistry.sol";
import {IKeeperSet} from "../../../../contracts/interfaces/IKeeperSet.sol";
import {IParticipantRegistry} from "../../../../contracts/interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "../../../../contracts/interfaces/IRecordIndex.sol";
import {
    Application,
    Consent,
    Decision,
    Provider,
    ProviderStatus,
    RecordId,
    RecordStatus
} from "../../../../contracts/types/Types.sol";
import {Vm} from "../Vm.sol";
import {RecordState, State} from "./State.sol";

/// @notice Rebuilds the contracts' state from their events alone, as an indexer or an auditor does: it is given the
/// logs of each block and never asks the contracts.
contract Replay is State {
    mapping(address patient => bool) private _known;
    mapping(address patient => bytes32) private _keys;
    mapping(address provider => Provider) private _providers;
    mapping(address patient => mapping(address accessor => Consent)) private _consents;
    mapping(address patient => mapping(address accessor => uint256 time)) private _givenAt;
    mapping(address patient => uint256 time) private _epochs;
    mapping(RecordId recordId => mapping(address accessor => bool)) private _restricted;
    mapping(RecordId recordId => RecordState) private _records;
    mapping(address patient => bytes28) private _heads;
    mapping(address patient => uint32) private _counts;
    bytes32[] private _keeperEpochs;

    /// @notice The first event that can't follow those before it.
    string public fault;

    /// @notice Follows the events of one call, in their order.
    function follow(Vm.Log[] calldata entries) external {
        for (uint256 i = 0; i < entries.length; ++i) {
            Vm.Log calldata entry = entries[i];
            bool known = _followParticipant(entry) || _followConsent(entry) || _followRecord(entry)
                || _followVersion(entry) || _followEntry(entry) || _followEpoch(entry);
            if (!known) fault = "an event that nobody knows";
        }
    }

    /// @notice The head of a patient's log, recomputed.
    function headOf(address patient) external view returns (bytes28 head, uint32 count) {
        return (_heads[patient], _counts[patient]);
    }

    /// @notice The digests of all epochs of keepers, from the first.
    function keeperEpochs() external view returns (bytes32[] memory) {
        return _keeperEpochs;
    }

    function keyOf(address patient) external view returns (bool known, bytes32 publicKeyHash) {
        return (_known[patient], _keys[patient]);
    }

    function providerOf(address account) external view returns (Provider memory) {
        return _providers[account];
    }

    function consentOf(address patient, address accessor) external view returns (Consent memory consent) {
        if (_givenAt[patient][accessor] > _epochs[patient]) consent = _consents[patient][accessor];
    }

    function isRestricted(RecordId recordId, address accessor) external view returns (bool) {
        return _restricted[recordId][accessor];
    }

    function recordOf(RecordId recordId) external view returns (RecordState memory) {
        return _records[recordId];
    }

    function _followParticipant(Vm.Log calldata entry) private returns (bool) {
        bytes32 kind = entry.topics[0];
        address account = _account(entry, 1);
        Provider storage provider = _providers[account];
        if (kind == IParticipantRegistry.PatientRegistered.selector) {
            _known[account] = true;
            _setKey(account, entry.data);
        } else if (kind == IParticipantRegistry.PublicKeyChanged.selector) {
            _setKey(account, entry.data);
        } else if (kind == IParticipantRegistry.ProviderRegistered.selector) {
            delete _providers[account];
            provider.status = ProviderStatus.Applied;
        } else if (kind == IParticipantRegistry.ProviderVerified.selector) {
            (Application memory application, uint48 expiresAt) = abi.decode(entry.data, (Application, uint48));
            _verify(provider, application, expiresAt);
        } else if (kind == IParticipantRegistry.ProviderRenewed.selector) {
            provider.expiresAt = abi.decode(entry.data, (uint48));
        } else if (kind == IParticipantRegistry.ProviderSuspended.selector) {
            provider.status = ProviderStatus.Suspended;
        } else if (kind == IParticipantRegistry.ProviderReinstated.selector) {
            provider.status = ProviderStatus.Verified;
        } else if (kind == IParticipantRegistry.MemberVouched.selector) {
            _providers[_account(entry, 2)].vouched = true;
        } else if (kind == IParticipantRegistry.MemberDropped.selector) {
            _providers[_account(entry, 2)].vouched = false;
        } else {
            return false;
        }
        return true;
    }

    function _verify(Provider storage provider, Application memory application, uint48 expiresAt) private {
        provider.status = ProviderStatus.Verified;
        provider.role = application.role;
        provider.area = application.area;
        provider.organisation = application.organisation;
        provider.expiresAt = expiresAt;
        provider.vouched = false;
    }

    function _followConsent(Vm.Log calldata entry) private returns (bool) {
        bytes32 kind = entry.topics[0];
        address patient = _account(entry, 1);
        if (kind == IConsentRegistry.ConsentGranted.selector || kind == IConsentRegistry.ConsentAmended.selector) {
            _consents[patient][_account(entry, 2)] = abi.decode(entry.data, (Consent));
            _givenAt[patient][_account(entry, 2)] = block.timestamp;
        } else if (kind == IConsentRegistry.ConsentRevoked.selector) {
            delete _consents[patient][_account(entry, 2)];
        } else if (kind == IConsentRegistry.AllConsentsRevoked.selector) {
            _epochs[patient] = abi.decode(entry.data, (uint48));
        } else if (kind == IConsentRegistry.RecordRestricted.selector) {
            _restricted[RecordId.wrap(entry.topics[1])][_account(entry, 3)] = true;
        } else if (kind == IConsentRegistry.RestrictionLifted.selector) {
            _restricted[RecordId.wrap(entry.topics[1])][_account(entry, 3)] = false;
        } else {
            // Requests give nobody anything.
            return
                kind == IConsentRegistry.ConsentRequested.selector || kind == IConsentRegistry.RequestDeclined.selector;
        }
        return true;
    }

    function _followRecord(Vm.Log calldata entry) private returns (bool) {
        bytes32 kind = entry.topics[0];
        RecordState storage record = _records[RecordId.wrap(entry.topics.length > 1 ? entry.topics[1] : bytes32(0))];
        if (kind == IRecordIndex.RecordAdded.selector) {
            record.status = RecordStatus.Active;
            record.compartment = abi.decode(entry.data, (uint8));
        } else if (kind == IRecordIndex.RecordSubmitted.selector) {
            record.status = RecordStatus.Pending;
        } else if (kind == IRecordIndex.RecordAccepted.selector) {
            record.status = RecordStatus.Active;
            record.compartment = abi.decode(entry.data, (uint8));
            return true;
        } else if (kind == IRecordIndex.RecordRejected.selector) {
            record.status = RecordStatus.Rejected;
            return true;
        } else {
            return false;
        }
        (record.patient, record.author, record.envelope) = (_account(entry, 2), _account(entry, 3), entry.topics[1]);
        return true;
    }

    function _followVersion(Vm.Log calldata entry) private returns (bool) {
        bytes32 kind = entry.topics[0];
        RecordId recordId = RecordId.wrap(entry.topics.length > 1 ? entry.topics[1] : bytes32(0));
        RecordState storage record = _records[recordId];
        if (kind == IRecordIndex.RecordSuperseded.selector) {
            record.previous = RecordId.wrap(entry.topics[2]);
            _records[record.previous].next = recordId;
        } else if (kind == IRecordIndex.RecordRewrapped.selector) {
            record.envelope = abi.decode(entry.data, (bytes32));
        } else if (kind == IRecordIndex.RecordMoved.selector) {
            record.compartment = abi.decode(entry.data, (uint8));
        } else if (kind == IRecordIndex.RecordRetired.selector) {
            record.status = RecordStatus.Retired;
        } else {
            return false;
        }
        return true;
    }

    /// @dev Recomputes the head, by the interface's words alone.
    function _followEntry(Vm.Log calldata entry) private returns (bool) {
        bool opened = entry.topics[0] == IAccessLog.RecordOpened.selector;
        if (!opened && entry.topics[0] != IAccessLog.OpenRefused.selector) return false;
        address patient = _account(entry, 1);
        (uint32 sequence, uint8 purpose, uint48 openedAt, bytes32 keyHash, uint256 last) =
            abi.decode(entry.data, (uint32, uint8, uint48, bytes32, uint256));
        uint8 decision = opened ? uint8(Decision.Permit) : uint8(last);
        if (sequence != ++_counts[patient]) fault = "a number of an entry";
        _heads[patient] = bytes28(
            keccak256(
                bytes.concat(
                    bytes.concat(_heads[patient], bytes4(sequence), entry.topics[3], bytes20(_account(entry, 2))),
                    bytes.concat(bytes1(purpose), bytes1(decision), bytes6(openedAt), keyHash)
                )
            )
        );
        return true;
    }

    function _followEpoch(Vm.Log calldata entry) private returns (bool) {
        if (entry.topics[0] != IKeeperSet.EpochStarted.selector) return false;
        _keeperEpochs.push(entry.topics[2]);
        if (uint256(entry.topics[1]) != _keeperEpochs.length) fault = "a number of an epoch";
        return true;
    }

    /// @dev The value one stands for none in storage; the interface says so.
    function _setKey(address patient, bytes calldata data) private {
        bytes32 publicKeyHash = abi.decode(data, (bytes32));
        _keys[patient] = uint256(publicKeyHash) < 1 << 168 ? bytes32(0) : publicKeyHash;
    }

    function _account(Vm.Log calldata entry, uint256 topic) private pure returns (address) {
        return topic < entry.topics.length ? address(uint160(uint256(entry.topics[topic]))) : address(0);
    }
}
