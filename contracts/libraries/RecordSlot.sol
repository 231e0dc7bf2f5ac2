// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Record, RecordStatus} from "../types/Types.sol";

/// @notice One record in one slot: all that a decision needs to know of it.
type RecordSlot is uint256;

using RecordSlots for RecordSlot global;

/// @title RecordSlots
/// @notice Packs a record into one slot. Who wrote it and which envelope it has now take slots of their own, and only
/// where they differ from the patient and from the record's id.
/// @dev Layout from the lowest bit: patient 160 | compartment 8 | status 4 | flags 4 | restrictions 32 | changedAt 48.
library RecordSlots {
    /// @notice The patient wrote it.
    uint256 internal constant AUTHORED_BY_PATIENT = 1 << 172;

    /// @notice Its envelope is another than its first.
    uint256 internal constant REWRAPPED = 1 << 173;

    /// @notice There is a newer version.
    uint256 internal constant SUPERSEDED = 1 << 174;

    /// @notice There is an older version.
    uint256 internal constant SUPERSEDES = 1 << 175;

    uint256 private constant COMPARTMENT = uint256(0xff) << 160;
    uint256 private constant STATUS = uint256(0xf) << 168;
    uint256 private constant RESTRICTIONS = uint256(type(uint32).max) << 176;
    uint256 private constant CHANGED_AT = uint256(type(uint48).max) << 208;

    /// @notice The slot of a new record.
    /// @param whose The patient.
    /// @param where The compartment.
    /// @param state Where it stands.
    /// @param byPatient Whether the patient wrote it.
    /// @return The slot.
    function create(address whose, uint8 where, RecordStatus state, bool byPatient) internal pure returns (RecordSlot) {
        return RecordSlot.wrap(
            uint256(uint160(whose)) | (uint256(where) << 160) | (uint256(uint8(state)) << 168)
                | (byPatient ? AUTHORED_BY_PATIENT : 0)
        );
    }

    /// @notice Whose record it is.
    /// @param slot The slot.
    /// @return The patient; zero for no record.
    function patient(RecordSlot slot) internal pure returns (address) {
        return address(uint160(RecordSlot.unwrap(slot)));
    }

    /// @notice The compartment it lies in.
    /// @param slot The slot.
    /// @return 0..63.
    function compartment(RecordSlot slot) internal pure returns (uint8) {
        return uint8(RecordSlot.unwrap(slot) >> 160);
    }

    /// @notice Where it stands.
    /// @param slot The slot.
    /// @return The status.
    function status(RecordSlot slot) internal pure returns (RecordStatus) {
        return RecordStatus((RecordSlot.unwrap(slot) & STATUS) >> 168);
    }

    /// @notice Whether it can be opened.
    /// @param slot The slot.
    /// @return Whether it is active.
    function isActive(RecordSlot slot) internal pure returns (bool) {
        return RecordSlot.unwrap(slot) & STATUS == uint256(uint8(RecordStatus.Active)) << 168;
    }

    /// @notice Whether a flag is set.
    /// @param slot The slot.
    /// @param flag One of the constants above.
    /// @return Whether it is.
    function has(RecordSlot slot, uint256 flag) internal pure returns (bool) {
        return RecordSlot.unwrap(slot) & flag != 0;
    }

    /// @notice How many restrictions stand on it.
    /// @param slot The slot.
    /// @return The number.
    function restrictions(RecordSlot slot) internal pure returns (uint32) {
        return uint32(RecordSlot.unwrap(slot) >> 176);
    }

    /// @notice When a change last ended somebody's right to it.
    /// @param slot The slot.
    /// @return Unix time in seconds; zero for never.
    function changedAt(RecordSlot slot) internal pure returns (uint48) {
        return uint48(RecordSlot.unwrap(slot) >> 208);
    }

    /// @notice With a flag set.
    /// @param slot The slot.
    /// @param flag One of the constants above.
    /// @return The slot.
    function with(RecordSlot slot, uint256 flag) internal pure returns (RecordSlot) {
        return RecordSlot.wrap(RecordSlot.unwrap(slot) | flag);
    }

    /// @notice In another status.
    /// @param slot The slot.
    /// @param state The status.
    /// @return The slot.
    function withStatus(RecordSlot slot, RecordStatus state) internal pure returns (RecordSlot) {
        return RecordSlot.wrap((RecordSlot.unwrap(slot) & ~STATUS) | (uint256(uint8(state)) << 168));
    }

    /// @notice In another compartment.
    /// @param slot The slot.
    /// @param where The compartment.
    /// @return The slot.
    function withCompartment(RecordSlot slot, uint8 where) internal pure returns (RecordSlot) {
        return RecordSlot.wrap((RecordSlot.unwrap(slot) & ~COMPARTMENT) | (uint256(where) << 160));
    }

    /// @notice With another number of restrictions.
    /// @param slot The slot.
    /// @param number The number.
    /// @return The slot.
    function withRestrictions(RecordSlot slot, uint32 number) internal pure returns (RecordSlot) {
        return RecordSlot.wrap((RecordSlot.unwrap(slot) & ~RESTRICTIONS) | (uint256(number) << 176));
    }

    /// @notice Changed now, in a way that may have ended somebody's right to it.
    /// @param slot The slot.
    /// @return The slot.
    function changedNow(RecordSlot slot) internal view returns (RecordSlot) {
        return RecordSlot.wrap((RecordSlot.unwrap(slot) & ~CHANGED_AT) | (uint256(uint48(block.timestamp)) << 208));
    }

    /// @notice The record.
    /// @param slot The slot.
    /// @return The record.
    function unpack(RecordSlot slot) internal pure returns (Record memory) {
        return Record({
            patient: patient(slot),
            compartment: compartment(slot),
            status: status(slot),
            authoredByPatient: has(slot, AUTHORED_BY_PATIENT),
            rewrapped: has(slot, REWRAPPED),
            superseded: has(slot, SUPERSEDED),
            supersedes: has(slot, SUPERSEDES)
        });
    }
}
