// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Application, Provider, ProviderStatus, Role} from "../types/Types.sol";

/// @notice One provider in one slot: the status in the lowest byte, and above it either the digest of an application
/// or, once verified, the provider itself.
type ProviderSlot is uint256;

using ProviderSlots for ProviderSlot global;

/// @title ProviderSlots
/// @notice Packs a provider into one slot. While it is `Applied` the slot holds 248 bits of a digest of the
/// application, so that a manager verifies exactly what was read, and a change in between is refused.
/// @dev Layout from the lowest bit: status 7 | vouched 1 | role 4 | credential 12 | area 32 | expiresAt 40 |
/// organisation 160. Of the credential's hash 12 bits are kept: one person with two wallets has them alike, and two
/// persons once in 4096. Times of 40 bits last until the year 36812; a later one counts as the last.
library ProviderSlots {
    /// @dev Set once the organisation said that the provider is its member.
    uint256 private constant VOUCHED = 1 << 7;
    bytes32 private constant CREDENTIAL = bytes32(uint256(0xfff));
    uint256 private constant TIME = type(uint40).max;

    /// @notice The slot of an applicant.
    /// @param application What it applied with.
    /// @return The slot.
    function applied(Application memory application) internal pure returns (ProviderSlot) {
        uint256 digest = uint256(keccak256(abi.encode(application)));
        return ProviderSlot.wrap((digest << 8) | uint8(ProviderStatus.Applied));
    }

    /// @notice The slot of a provider that is verified now.
    /// @param a What it is verified as.
    /// @param expires Unix time in seconds from which it counts no more.
    /// @return The slot.
    function verified(Application memory a, uint48 expires) internal pure returns (ProviderSlot) {
        return ProviderSlot.wrap(
            uint256(uint8(ProviderStatus.Verified)) | (uint256(uint8(a.role)) << 8)
                | (uint256(a.credentialHash & CREDENTIAL) << 12) | (uint256(a.area) << 24) | (_time(expires) << 56)
                | (uint256(uint160(a.organisation)) << 96)
        );
    }

    /// @notice The slot in another status.
    /// @param slot The slot of a provider that is or was verified.
    /// @param state The status.
    /// @return The slot.
    function withStatus(ProviderSlot slot, ProviderStatus state) internal pure returns (ProviderSlot) {
        return ProviderSlot.wrap((ProviderSlot.unwrap(slot) & ~(VOUCHED - 1)) | uint8(state));
    }

    /// @notice The slot with another expiry.
    /// @param slot The slot of a provider that is or was verified.
    /// @param expires Unix time in seconds from which it counts no more.
    /// @return The slot.
    function withExpiry(ProviderSlot slot, uint48 expires) internal pure returns (ProviderSlot) {
        return ProviderSlot.wrap((ProviderSlot.unwrap(slot) & ~(TIME << 56)) | (_time(expires) << 56));
    }

    /// @notice The slot with or without the organisation's word.
    /// @param slot The slot of a provider that is or was verified.
    /// @param vouched Whether the organisation says that the provider is its member.
    /// @return The slot.
    function withVouched(ProviderSlot slot, bool vouched) internal pure returns (ProviderSlot) {
        uint256 bits = ProviderSlot.unwrap(slot) & ~VOUCHED;
        return ProviderSlot.wrap(vouched ? bits | VOUCHED : bits);
    }

    /// @notice Whether the provider counts now, as a clinician.
    /// @param slot The slot.
    /// @return Whether it does.
    function countsAsClinician(ProviderSlot slot) internal view returns (bool) {
        return counts(slot) && (ProviderSlot.unwrap(slot) >> 8) & 0xf == uint8(Role.Clinician);
    }

    /// @notice Whether two providers may be one person: their credentials look alike.
    /// @param slot The slot of a provider that is or was verified.
    /// @param other Another one.
    /// @return Whether they may.
    function mayBeSamePerson(ProviderSlot slot, ProviderSlot other) internal pure returns (bool) {
        return (ProviderSlot.unwrap(slot) ^ ProviderSlot.unwrap(other)) & (uint256(CREDENTIAL) << 12) == 0;
    }

    /// @notice Where the provider stands.
    /// @param slot The slot.
    /// @return The status.
    function status(ProviderSlot slot) internal pure returns (ProviderStatus) {
        return ProviderStatus(uint8(ProviderSlot.unwrap(slot) & (VOUCHED - 1)));
    }

    /// @notice Whether the provider counts now: verified, not suspended, not expired.
    /// @param slot The slot.
    /// @return Whether it does.
    function counts(ProviderSlot slot) internal view returns (bool) {
        uint256 bits = ProviderSlot.unwrap(slot);
        return bits & (VOUCHED - 1) == uint8(ProviderStatus.Verified) && block.timestamp < uint40(bits >> 56);
    }

    /// @notice The organisation whose consents the provider inherits: both said that it is a member.
    /// @param slot The slot.
    /// @return The organisation; zero for none.
    function membership(ProviderSlot slot) internal pure returns (address) {
        uint256 bits = ProviderSlot.unwrap(slot);
        // An applicant's lowest byte is its status alone, so that no digest is taken for a membership.
        return bits & VOUCHED == 0 ? address(0) : address(uint160(bits >> 96));
    }

    /// @notice When the provider's verification ends; zero for an applicant.
    /// @param slot The slot.
    /// @return Unix time in seconds.
    function expiresAt(ProviderSlot slot) internal pure returns (uint48) {
        // An applicant's slot holds a digest here, not a time.
        return status(slot) == ProviderStatus.Applied ? 0 : uint40(ProviderSlot.unwrap(slot) >> 56);
    }

    /// @notice The provider; of an applicant only the status.
    /// @param slot The slot.
    /// @return p The provider.
    function unpack(ProviderSlot slot) internal pure returns (Provider memory p) {
        uint256 bits = ProviderSlot.unwrap(slot);
        p.status = status(slot);
        if (p.status == ProviderStatus.Applied) return p;
        p.role = Role((bits >> 8) & 0xf);
        p.area = uint32(bits >> 24);
        p.expiresAt = expiresAt(slot);
        p.organisation = address(uint160(bits >> 96));
        p.vouched = bits & VOUCHED != 0;
    }

    function _time(uint48 expires) private pure returns (uint256) {
        return expires < TIME ? expires : TIME;
    }
}
