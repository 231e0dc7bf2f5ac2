// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IKeeperSet} from "./interfaces/IKeeperSet.sol";
import {Keeper} from "./types/Types.sol";

/// @title KeeperSet
/// @notice See `IKeeperSet`, which is the manual.
contract KeeperSet is IKeeperSet, AccessManaged {
    struct Epoch {
        bytes32 digest;
        uint8 threshold;
        Keeper[] keepers;
    }

    /// @notice How many keepers an epoch may have: every loop below is bounded by it.
    uint256 public constant MAX_KEEPERS = 32;

    /// @inheritdoc IKeeperSet
    uint32 public currentEpoch;

    mapping(uint32 epoch => Epoch) private _epochs;

    /// @param authority The AccessManager that governs.
    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc IKeeperSet
    function startEpoch(Keeper[] calldata keepers, uint8 threshold) external restricted returns (uint32 epoch) {
        uint256 count = keepers.length;
        if (count < 2 || count > MAX_KEEPERS || threshold < 2 || threshold > count) {
            revert ThresholdInvalid(count, threshold);
        }

        epoch = ++currentEpoch;
        Epoch storage started = _epochs[epoch];
        bytes memory list;
        for (uint256 i = 0; i < count; ++i) {
            bool inOrder = i == 0 ? keepers[i].operator != address(0) : keepers[i].operator > keepers[i - 1].operator;
            if (!inOrder || keepers[i].publicKeyHash == 0) revert KeeperInvalid(i);
            list = bytes.concat(list, bytes20(keepers[i].operator), keepers[i].publicKeyHash);
            started.keepers.push(keepers[i]);
        }
        started.digest = sha256(list);
        started.threshold = threshold;

        emit EpochStarted(epoch, started.digest, threshold, keepers);
    }

    /// @inheritdoc IKeeperSet
    function epochOf(uint32 epoch) external view returns (bytes32 digest, uint8 threshold, uint8 count) {
        Epoch storage e = _requireEpoch(epoch);
        return (e.digest, e.threshold, uint8(e.keepers.length));
    }

    /// @inheritdoc IKeeperSet
    function keepersOf(uint32 epoch) external view returns (Keeper[] memory) {
        return _requireEpoch(epoch).keepers;
    }

    function _requireEpoch(uint32 epoch) private view returns (Epoch storage e) {
        e = _epochs[epoch];
        if (e.threshold == 0) revert EpochUnknown(epoch);
    }
}
