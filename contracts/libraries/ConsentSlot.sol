// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CompartmentSet, Consent, PurposeSet} from "../types/Types.sol";

/// @notice One consent in one slot, with the times at which it was given and last cut.
type ConsentSlot is uint256;

using ConsentSlots for ConsentSlot global;

/// @title ConsentSlots
/// @notice Packs a consent into one slot. A revoked one keeps the time alone, so that an opening that was on its
/// way is told from one without any ground.
/// @dev Layout from the lowest bit: expiresAt 48 | startsAt 48 | changedAt 36 | grantedAt 36 | mayWrite 8 |
/// purposes 16 | compartments 64. Times of 36 bits last until the year 4147.
library ConsentSlots {
    uint256 private constant TIME = (1 << 36) - 1;

    /// @notice The slot of a consent.
    /// @param c What, why, and how long.
    /// @param granted Unix time in seconds at which it was given or amended.
    /// @param time Unix time in seconds at which something of it last ended; zero for never.
    /// @return The slot.
    function pack(Consent memory c, uint256 granted, uint40 time) internal pure returns (ConsentSlot) {
        return ConsentSlot.wrap(
            uint256(c.expiresAt) | (uint256(c.startsAt) << 48) | ((uint256(time) & TIME) << 96)
                | ((granted & TIME) << 132) | (uint256(c.mayWrite ? 1 : 0) << 168)
                | (uint256(PurposeSet.unwrap(c.purposes)) << 176)
                | (uint256(CompartmentSet.unwrap(c.compartments)) << 192)
        );
    }

    /// @notice The slot of a consent that was revoked.
    /// @param time Unix time in seconds at which it ended.
    /// @return The slot.
    function revoked(uint40 time) internal pure returns (ConsentSlot) {
        return ConsentSlot.wrap((uint256(time) & TIME) << 96);
    }

    /// @notice The consent.
    /// @param slot The slot.
    /// @return The consent.
    function unpack(ConsentSlot slot) internal pure returns (Consent memory) {
        return Consent({
            compartments: compartments(slot),
            purposes: purposes(slot),
            startsAt: startsAt(slot),
            expiresAt: expiresAt(slot),
            mayWrite: mayWrite(slot)
        });
    }

    /// @notice When it ends.
    /// @param slot The slot.
    /// @return Unix time in seconds; zero for no consent.
    function expiresAt(ConsentSlot slot) internal pure returns (uint48) {
        return uint48(ConsentSlot.unwrap(slot));
    }

    /// @notice When it begins.
    /// @param slot The slot.
    /// @return Unix time in seconds.
    function startsAt(ConsentSlot slot) internal pure returns (uint48) {
        return uint48(ConsentSlot.unwrap(slot) >> 48);
    }

    /// @notice When it was given or amended.
    /// @param slot The slot.
    /// @return Unix time in seconds.
    function grantedAt(ConsentSlot slot) internal pure returns (uint40) {
        return uint40((ConsentSlot.unwrap(slot) >> 132) & TIME);
    }

    /// @notice When something of it last ended by a call.
    /// @param slot The slot.
    /// @return Unix time in seconds; zero for never.
    function changedAt(ConsentSlot slot) internal pure returns (uint40) {
        return uint40((ConsentSlot.unwrap(slot) >> 96) & TIME);
    }

    /// @notice Whether the accessor may also add records.
    /// @param slot The slot.
    /// @return Whether it may.
    function mayWrite(ConsentSlot slot) internal pure returns (bool) {
        return uint8(ConsentSlot.unwrap(slot) >> 168) != 0;
    }

    /// @notice Why may be read.
    /// @param slot The slot.
    /// @return The purposes.
    function purposes(ConsentSlot slot) internal pure returns (PurposeSet) {
        return PurposeSet.wrap(uint16(ConsentSlot.unwrap(slot) >> 176));
    }

    /// @notice What may be read.
    /// @param slot The slot.
    /// @return The compartments.
    function compartments(ConsentSlot slot) internal pure returns (CompartmentSet) {
        return CompartmentSet.wrap(uint64(ConsentSlot.unwrap(slot) >> 192));
    }
}
