// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Keeper} from "../types/Types.sol";

/// @title Who releases key shares
/// @notice Epochs of keepers: n of them, any k of whom open a record. A record names the epoch it was sealed under.
/// @dev Epochs are only ever added. A new one starts by governance, with its delay.
///
/// Warning: privacy holds while fewer than k keepers of an epoch collude, liveness while k of them are up.
interface IKeeperSet {
    /// @notice A new epoch started: new records are sealed to these keepers.
    /// @param epoch Its number, from 1.
    /// @param digest SHA-256 over the ordered (operator, publicKeyHash) of its keepers.
    /// @param threshold k: how many shares open a record.
    /// @param keepers The keepers in order; the place in the list is the share's index.
    event EpochStarted(uint32 indexed epoch, bytes32 indexed digest, uint8 threshold, Keeper[] keepers);

    /// @notice An epoch has 2 to 32 keepers, and a threshold of 2 to all of them.
    /// @param keepers How many keepers were named.
    /// @param threshold The threshold that was named.
    error ThresholdInvalid(uint256 keepers, uint8 threshold);

    /// @notice A keeper needs an operator that no other keeper of the epoch has, and a key.
    /// @param index Its place in the list, from 0.
    error KeeperInvalid(uint256 index);

    /// @notice There is no such epoch.
    /// @param epoch The number of the epoch.
    error EpochUnknown(uint32 epoch);

    /// @notice Starts the next epoch.
    /// @param keepers The keepers in order, 2 to 32, ordered by operator address ascending.
    /// @param threshold k, 2 to the number of keepers.
    /// @return epoch Its number.
    /// @dev Governance only (AccessManager, with its delay).
    function startEpoch(Keeper[] calldata keepers, uint8 threshold) external returns (uint32 epoch);

    /// @notice The epoch that new records are sealed under; zero before the first one.
    /// @return epoch Its number.
    function currentEpoch() external view returns (uint32 epoch);

    /// @notice An epoch's digest and threshold.
    /// @param epoch Its number.
    /// @return digest SHA-256 over the ordered (operator, publicKeyHash) of its keepers.
    /// @return threshold k.
    /// @return count n.
    function epochOf(uint32 epoch) external view returns (bytes32 digest, uint8 threshold, uint8 count);

    /// @notice An epoch's keepers in order.
    /// @param epoch Its number.
    /// @return The keepers.
    function keepersOf(uint32 epoch) external view returns (Keeper[] memory);
}
