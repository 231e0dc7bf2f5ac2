// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Decision, Ground, Opening, Purpose, RecordId} from "../types/Types.sol";

/// @title Who has read
/// @notice Every opening, permitted or refused, in an order that can't be edited unseen. Keepers release key shares
/// only for an opening that stands here.
/// @dev Per patient a count and a rolling hash head are kept in one slot. The head after entry n is
/// `bytes28(keccak256(abi.encodePacked(bytes28 headBefore, uint32 n, bytes32 recordId, address accessor,
/// uint8 purpose, uint8 decision, uint48 openedAt, bytes32 keyHash)))`, n counting from 1, and everything in it is
/// in the entry's event: whoever holds the head can prove a list of entries complete, in order and unedited. The entry
/// of an opening that was permitted in an emergency or to a representative ends with `uint8 ground`: its mark can't be
/// taken off.
/// Entries for records that nobody knows stand on the head of the zero address.
///
/// Warning: safety needs fewer than k keepers to collude, since only they look here before they answer; `eth_call`
/// can tell the decision without leaving an entry, but opens nothing.
interface IAccessLog {
    /// @notice A record was opened.
    /// @param patient Whose record.
    /// @param accessor Who opened it.
    /// @param recordId The record.
    /// @param sequence The entry's number in the patient's log, from 1.
    /// @param purpose Why.
    /// @param openedAt Unix time in seconds.
    /// @param keyHash SHA-256 of the one-time public key that shares may be sealed to.
    /// @param place The place that the opening takes among the accessor's.
    event RecordOpened(
        address indexed patient,
        address indexed accessor,
        RecordId indexed recordId,
        uint32 sequence,
        Purpose purpose,
        uint48 openedAt,
        bytes32 keyHash,
        uint32 place
    );

    /// @notice A record was opened in an emergency, or by a patient's representative: the entry is marked.
    /// @param patient Whose record.
    /// @param accessor Who opened it.
    /// @param recordId The record.
    /// @param sequence The entry's number in the patient's log, from 1.
    /// @param purpose Why.
    /// @param openedAt Unix time in seconds.
    /// @param keyHash SHA-256 of the one-time public key that shares may be sealed to.
    /// @param place The place that the opening takes among the accessor's.
    /// @param ground On what ground: never `Ordinary`.
    event RecordOpenedOnGround(
        address indexed patient,
        address indexed accessor,
        RecordId indexed recordId,
        uint32 sequence,
        Purpose purpose,
        uint48 openedAt,
        bytes32 keyHash,
        uint32 place,
        Ground ground
    );

    /// @notice An opening was refused.
    /// @param patient Whose record; zero if nobody knows the record.
    /// @param accessor Who tried.
    /// @param recordId The record.
    /// @param sequence The entry's number in the patient's log, from 1.
    /// @param purpose Why.
    /// @param openedAt Unix time in seconds.
    /// @param keyHash SHA-256 of the one-time public key.
    /// @param decision The reason.
    event OpenRefused(
        address indexed patient,
        address indexed accessor,
        RecordId indexed recordId,
        uint32 sequence,
        Purpose purpose,
        uint48 openedAt,
        bytes32 keyHash,
        Decision decision
    );

    /// @notice The caller is neither the patient of all the records, nor its representative, nor a provider that counts
    /// now.
    /// @param caller Who called.
    error NotParticipant(address caller);

    /// @notice One call opens 1 to `MAX_BATCH` records.
    /// @param size How many there were.
    /// @param max How many there may be.
    error BatchSizeInvalid(uint256 size, uint256 max);

    /// @notice A key hash is needed: shares are sealed to that key alone.
    error KeyHashMissing();

    /// @notice At this place an opening of the caller's stands that keepers still answer to: choose another one.
    /// @param place The place.
    /// @param freeAt Unix time in seconds from which it is free.
    error PlaceTaken(uint32 place, uint48 freeAt);

    /// @notice Decides for each record, writes the outcome into its patient's log, and commits to the opening of
    /// those that were permitted.
    /// @param recordIds The records, 1 to `MAX_BATCH`.
    /// @param purpose Why.
    /// @param keyHash SHA-256 of the one-time public key, not zero.
    /// @param place Where the opening is to stand among the caller's own: one that is free (see `placesOf`). A used one
    /// is cheaper than a new one.
    /// @return permitted How many were permitted.
    /// @dev Patients for their own records, their representatives, and providers that are verified, unsuspended and
    /// unexpired. Never reverts for a refusal to a provider. With `STRIKE_LIMIT` strikes within `STRIKE_WINDOW` the
    /// provider is suspended until a manager reinstates it; which refusals are strikes tells
    /// `IConsentRegistry.decideAll`.
    ///
    /// Warning: a contract that calls can undo its own entry, and the strike with it, by reverting; it opens nothing
    /// then. Strikes deter; what keeps records closed is that keepers ask.
    function openRecords(RecordId[] calldata recordIds, Purpose purpose, bytes32 keyHash, uint32 place)
        external
        returns (uint256 permitted);

    /// @notice The id of an opening if it stands; zero if not, or if a later one took its place.
    /// @param opening The opening as the accessor presents it.
    /// @return openingId Hash over all of it.
    function standingOpening(Opening calldata opening) external view returns (bytes32 openingId);

    /// @notice The id that an opening has, standing or not.
    /// @param opening The opening.
    /// @return openingId Hash over all of it.
    function openingIdOf(Opening calldata opening) external pure returns (bytes32 openingId);

    /// @notice The head of a patient's log.
    /// @param patient The patient's id; zero for entries on unknown records.
    /// @return head The rolling hash; zero for an empty log.
    /// @return count How many entries there are.
    function headOf(address patient) external view returns (bytes28 head, uint32 count);

    /// @notice The strikes of an accessor that count now.
    /// @param accessor The accessor.
    /// @return count How many.
    /// @return since Unix time in seconds of the first of them; zero for none.
    function strikesOf(address accessor) external view returns (uint32 count, uint48 since);

    /// @notice When places of an accessor are free again. Every number is a place.
    /// @param accessor The accessor.
    /// @param first The first place to tell of.
    /// @param count How many, 1 to `MAX_BATCH`.
    /// @return freeAt For each Unix time in seconds from which it is free; zero if it was never used.
    function placesOf(address accessor, uint32 first, uint32 count) external view returns (uint48[] memory freeAt);
}
