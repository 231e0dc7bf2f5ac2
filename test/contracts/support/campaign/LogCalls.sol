// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Decision, Keeper, Opening, ProviderStatus, Purpose, RecordId} from "../../../../contracts/types/Types.sol";
import {Calls} from "./Calls.sol";

/// @notice Random openings, and random epochs of keepers.
abstract contract LogCalls is Calls {
    Opening[] internal _permitted;
    Opening[] internal _refused;
    bytes32[] internal _epochs;

    // Few, so that some are taken.
    uint32 private constant OPENING_PLACES = 4;

    // Which of the permitted openings stands at a place, counting from 1; zero for none.
    mapping(address accessor => mapping(uint32 place => uint256)) private _lastAt;

    /// @notice How many entries the calls should have left, whoever's log they stand in.
    uint256 public entries;

    /// @notice What the calls came to, by name.
    mapping(string outcome => uint256) public outcomes;

    function openRecords(uint256 who, uint256 which, uint256 size, uint256 purpose) external {
        RecordId[] memory ids = new RecordId[](size % 4);
        for (uint256 i = 0; i < ids.length; ++i) {
            ids[i] = recordAt(which >> (8 * i));
        }
        _open(_actor(who), ids, Purpose(purpose % 3), bytes32(size % 64), uint32(purpose % 4));
    }

    /// @notice Random callers rarely hold a consent: this one looks for somebody who may, and opens several times.
    function openAsSomebodyWhoMay(uint256 who, uint256 times) external {
        for (uint256 i = 0; i < _actors.length * RECORDS; ++i) {
            (address caller, RecordId recordId) = (_actor(who % 97 + i / RECORDS), recordAt(i % RECORDS));
            if (expectedDecision(caller, recordId, Purpose.Treatment) != Decision.Permit) continue;
            for (uint256 j = 0; j <= times % 4; ++j) {
                _open(
                    caller,
                    _ids(recordId, recordId, false),
                    Purpose.Treatment,
                    keccak256(abi.encode(times, j)),
                    uint32((times / 4 + j) % OPENING_PLACES)
                );
            }
            return;
        }
    }

    /// @notice Somebody who counts asks for what it may not have, until it is suspended for it.
    function openWhatIsRefused(uint256 who, uint256 which, uint256 times) external {
        address caller = _actorIn(ProviderStatus.Verified, who);
        for (uint256 i = 0; i <= times % 5; ++i) {
            _open(
                caller, _ids(recordAt(which / 8 + i), recordAt(which), true), Purpose.Research, bytes32(uint256(1)), 0
            );
        }
    }

    /// @notice Minutes mostly, and now and then days, so that consents stand for a while and also expire.
    function warp(uint256 time) external {
        vm.warp(block.timestamp + 1 + (time % 5 == 0 ? time % 4 days : time % 1 hours));
    }

    /// @notice P12: epochs are added by governance alone.
    function startEpoch(uint256 who, uint256 size, uint256 threshold) external {
        address caller = who % 4 == 0 ? _actor(who / 4) : _governor;
        Keeper[] memory keepers = new Keeper[](size % 5);
        bytes memory packed;
        for (uint256 i = 0; i < keepers.length; ++i) {
            keepers[i] = Keeper(address(uint160(i + 1)), bytes32(size), "https://keeper.example");
            packed = bytes.concat(packed, bytes20(keepers[i].operator), keepers[i].publicKeyHash);
        }
        uint8 k = uint8(threshold % 6);
        bytes memory call = abi.encodeCall(_at.keepers.startEpoch, (keepers, k));
        if (!_call(caller, address(_at.keepers), call)) return;

        _must(caller == _governor && k >= 2 && k <= keepers.length, "startEpoch");
        _epochs.push(sha256(packed));
    }

    function permitted() external view returns (Opening[] memory) {
        return _permitted;
    }

    function refused() external view returns (Opening[] memory) {
        return _refused;
    }

    function epochs() external view returns (bytes32[] memory) {
        return _epochs;
    }

    /// @notice Whether an opening that was permitted should still stand: nothing took its place.
    function shouldStand(Opening memory opening) external view returns (bool) {
        uint256 last = _lastAt[opening.accessor][opening.place];
        return last != 0 && keccak256(abi.encode(_permitted[last - 1])) == keccak256(abi.encode(opening));
    }

    // P7, P8: a provider's call never fails for a refusal, nor a patient's for its own records; nobody else's leaves an
    // entry. What it can fail for is a place that is taken.
    function _open(address caller, RecordId[] memory ids, Purpose purpose, bytes32 keyHash, uint32 place) private {
        // A key of its own, as each client chooses one: else what is refused may have the very bytes of what was
        // permitted earlier in the same second.
        if (keyHash != 0) keyHash = keccak256(abi.encode(keyHash, entries));
        uint256 strikes = _expectedStrikes(caller, ids, purpose);
        (RecordId[] memory opened, RecordId[] memory denied) = _expected(caller, ids, purpose);
        bool entitled = ids.length != 0 && keyHash != 0 && (_counts(caller) || _ownsAll(caller, ids))
            && (opened.length == 0 || !_isTaken(caller, place));
        Opening memory opening = Opening(caller, place, purpose, uint48(block.timestamp), keyHash, opened);
        bytes memory call = abi.encodeCall(_at.log.openRecords, (ids, purpose, keyHash, place));
        bool succeeded = _call(caller, address(_at.log), call);
        _must(succeeded == entitled, "openRecords: who may");
        if (!succeeded) return;

        entries += ids.length;
        if (opened.length != 0) {
            _permitted.push(opening);
            _lastAt[caller][place] = _permitted.length;
            ++outcomes["permitted"];
        }
        if (denied.length != 0) {
            opening.recordIds = denied;
            _refused.push(opening);
            ++outcomes["refused"];
        }
        if (_strike(caller, strikes)) {
            ++outcomes["suspended for strikes"];
            _agreeOnAccessor(caller);
        }
        (uint32 counted,) = _at.log.strikesOf(caller);
        _must(counted == strikesOf(caller), "openRecords: strikes");
    }

    /// @dev For an hour an opening keeps its place.
    function _isTaken(address caller, uint32 place) private view returns (bool) {
        uint256 last = _lastAt[caller][place];
        return last != 0 && block.timestamp < _permitted[last - 1].openedAt + 1 hours;
    }

    function _expected(address caller, RecordId[] memory ids, Purpose purpose)
        private
        view
        returns (RecordId[] memory opened, RecordId[] memory denied)
    {
        (opened, denied) = (new RecordId[](ids.length), new RecordId[](ids.length));
        (uint256 yes, uint256 no) = (0, 0);
        for (uint256 i = 0; i < ids.length; ++i) {
            if (expectedDecision(caller, ids[i], purpose) == Decision.Permit) opened[yes++] = ids[i];
            else denied[no++] = ids[i];
        }
        assembly ("memory-safe") {
            mstore(opened, yes)
            mstore(denied, no)
        }
    }

    function _ownsAll(address caller, RecordId[] memory ids) private view returns (bool) {
        for (uint256 i = 0; i < ids.length; ++i) {
            if (!_owns(caller, ids[i])) return false;
        }
        return true;
    }
}
