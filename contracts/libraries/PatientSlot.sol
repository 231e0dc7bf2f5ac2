// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What an address is to patients: nothing, a patient's id, or the wallet of a patient with another id.
type PatientSlot is uint256;

using PatientSlots for PatientSlot global;

/// @title PatientSlots
/// @notice Tells in one slot whose wallet an address is. A patient who never changed the wallet, as nearly all, has
/// one slot and no other: its id is the wallet, and the slot holds the key's hash.
/// @dev Numbers below 2^168 are no hash of anybody's key: they say what kind of address it is, with another address in
/// the lowest 160 bits where one belongs to it.
library PatientSlots {
    uint256 private constant KINDS = 1 << 168;
    uint256 private constant NO_KEY = 1 << 160;
    uint256 private constant MOVED = 2 << 160;
    uint256 private constant WALLET = 3 << 160;
    uint256 private constant LEFT = 4 << 160;

    /// @notice The slot of a patient who never changed the wallet.
    /// @param keyHash SHA-256 of the public key; zero for none, and so is what can't be a hash (below 2^168).
    /// @return The slot.
    function create(bytes32 keyHash) internal pure returns (PatientSlot) {
        return PatientSlot.wrap(uint256(keyHash) < KINDS ? NO_KEY : uint256(keyHash));
    }

    /// @notice The slot of a patient who changed the wallet.
    /// @param wallet The wallet now.
    /// @return The slot.
    function moved(address wallet) internal pure returns (PatientSlot) {
        return PatientSlot.wrap(MOVED | uint160(wallet));
    }

    /// @notice The slot of a wallet of a patient with another id.
    /// @param patient The patient's id.
    /// @return The slot.
    function walletFor(address patient) internal pure returns (PatientSlot) {
        return PatientSlot.wrap(WALLET | uint160(patient));
    }

    /// @notice The slot of a wallet that its patient left: never anybody's again.
    /// @return The slot.
    function left() internal pure returns (PatientSlot) {
        return PatientSlot.wrap(LEFT);
    }

    /// @notice Whether the address was never a patient's.
    /// @param slot The slot.
    /// @return Whether it was not.
    function isFree(PatientSlot slot) internal pure returns (bool) {
        return PatientSlot.unwrap(slot) == 0;
    }

    /// @notice Whether this is a patient's id whose wallet is another address.
    /// @param slot The slot.
    /// @return Whether it is.
    function isMoved(PatientSlot slot) internal pure returns (bool) {
        return PatientSlot.unwrap(slot) >> 160 == MOVED >> 160;
    }

    /// @notice The patient whose wallet this is now.
    /// @param slot The slot.
    /// @param wallet The address whose slot it is.
    /// @return The patient's id; zero for none.
    function patientOf(PatientSlot slot, address wallet) internal pure returns (address) {
        if (_isAtHome(slot)) return wallet;
        return
            PatientSlot.unwrap(slot) >> 160 == WALLET >> 160 ? address(uint160(PatientSlot.unwrap(slot))) : address(0);
    }

    /// @notice The wallet of a patient now.
    /// @param slot The slot.
    /// @param patient The patient's id, whose slot it is.
    /// @return The wallet; zero if that is no patient's id.
    function walletOf(PatientSlot slot, address patient) internal pure returns (address) {
        if (_isAtHome(slot)) return patient;
        return isMoved(slot) ? address(uint160(PatientSlot.unwrap(slot))) : address(0);
    }

    /// @notice The key of a patient who never changed the wallet.
    /// @param slot The slot.
    /// @return SHA-256 of the public key; zero for none.
    function publicKeyHash(PatientSlot slot) internal pure returns (bytes32) {
        return PatientSlot.unwrap(slot) < KINDS ? bytes32(0) : bytes32(PatientSlot.unwrap(slot));
    }

    /// @dev Whether this is a patient's id and wallet at once.
    function _isAtHome(PatientSlot slot) private pure returns (bool) {
        return PatientSlot.unwrap(slot) >= KINDS || PatientSlot.unwrap(slot) == NO_KEY;
    }
}
