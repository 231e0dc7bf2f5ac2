// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IKeeperSet} from "../../contracts/interfaces/IKeeperSet.sol";
import {Keeper} from "../../contracts/types/Types.sol";
import {World} from "./support/World.sol";

contract KeeperSetTest is World {
    function testFuzz_StartEpoch_StoresTheKeepers(uint8 size, uint8 threshold) public {
        size = uint8(_bound(size, 2, 32));
        threshold = uint8(_bound(threshold, 2, size));
        Keeper[] memory list = _keepers(size);

        vm.expectEmit(address(keepers));
        emit IKeeperSet.EpochStarted(1, _digestOf(list), threshold, list);
        vm.prank(governor);
        uint32 epoch = keepers.startEpoch(list, threshold);

        (bytes32 digest, uint8 k, uint8 n) = keepers.epochOf(epoch);
        vm.assertEq(uint256(epoch), 1, "epoch");
        vm.assertEq(uint256(keepers.currentEpoch()), 1, "current epoch");
        vm.assertEq(digest, _digestOf(list), "digest");
        vm.assertEq(uint256(k), uint256(threshold), "k");
        vm.assertEq(uint256(n), uint256(size), "n");
        vm.assertEq(keccak256(abi.encode(keepers.keepersOf(epoch))), keccak256(abi.encode(list)), "keepers");
    }

    /// @dev P12: an epoch that stands never changes.
    function test_P12_StartEpoch_LeavesEarlierEpochsAsTheyAre() public {
        Keeper[] memory list = _keepers(3);
        vm.prank(governor);
        keepers.startEpoch(list, 2);

        vm.prank(governor);
        keepers.startEpoch(_keepers(5), 3);

        (bytes32 digest, uint8 k, uint8 n) = keepers.epochOf(1);
        vm.assertEq(uint256(keepers.currentEpoch()), 2, "current epoch");
        vm.assertEq(digest, _digestOf(list), "digest");
        vm.assertEq(uint256(k), 2, "k");
        vm.assertEq(uint256(n), 3, "n");
        vm.assertEq(keccak256(abi.encode(keepers.keepersOf(1))), keccak256(abi.encode(list)), "keepers");
    }

    function testFuzz_StartEpoch_RevertsIf_ThresholdDoesNotFit(uint8 size, uint8 threshold) public {
        size = uint8(_bound(size, 0, 40));
        vm.assume(size < 2 || size > 32 || threshold < 2 || threshold > size);

        vm.expectRevert(abi.encodeWithSelector(IKeeperSet.ThresholdInvalid.selector, uint256(size), threshold));
        vm.prank(governor);
        keepers.startEpoch(_keepers(size), threshold);
    }

    function testFuzz_StartEpoch_RevertsIf_OperatorsAreNotAscending(uint8 place) public {
        uint256 i = _bound(place, 1, 4);
        Keeper[] memory list = _keepers(5);
        list[i].operator = list[i - 1].operator;

        _assertInvalid(list, i);
    }

    function test_StartEpoch_TakesTheLargestAndTheSmallest() public {
        uint8 max = uint8(keepers.MAX_KEEPERS());
        vm.prank(governor);
        keepers.startEpoch(_keepers(max), max);
        vm.prank(governor);
        keepers.startEpoch(_keepers(2), 2);

        vm.assertEq(keepers.keepersOf(1).length, max, "largest");
        vm.assertEq(keepers.keepersOf(2).length, 2, "smallest");
        vm.expectRevert(abi.encodeWithSelector(IKeeperSet.ThresholdInvalid.selector, uint256(max) + 1, uint8(2)));
        vm.prank(governor);
        keepers.startEpoch(_keepers(max + 1), 2);
    }

    function test_StartEpoch_RevertsIf_FirstOperatorIsZero() public {
        Keeper[] memory list = _keepers(3);
        list[0].operator = address(0);

        _assertInvalid(list, 0);
    }

    function test_StartEpoch_RevertsIf_AKeyIsMissing() public {
        Keeper[] memory list = _keepers(3);
        list[2].publicKeyHash = 0;

        _assertInvalid(list, 2);
    }

    function testFuzz_StartEpoch_RevertsIf_CallerDoesNotGovern(address caller) public {
        vm.assume(caller != governor);

        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        vm.prank(caller);
        keepers.startEpoch(_keepers(3), 2);
    }

    function testFuzz_EpochOf_RevertsIf_EpochIsUnknown(uint32 epoch) public {
        vm.assume(epoch != 1);
        vm.prank(governor);
        keepers.startEpoch(_keepers(3), 2);

        vm.expectRevert(abi.encodeWithSelector(IKeeperSet.EpochUnknown.selector, epoch));
        keepers.epochOf(epoch);
        vm.expectRevert(abi.encodeWithSelector(IKeeperSet.EpochUnknown.selector, epoch));
        keepers.keepersOf(epoch);
    }

    function _assertInvalid(Keeper[] memory list, uint256 index) private {
        vm.expectRevert(abi.encodeWithSelector(IKeeperSet.KeeperInvalid.selector, index));
        vm.prank(governor);
        keepers.startEpoch(list, 2);
    }

    function _keepers(uint256 size) private pure returns (Keeper[] memory list) {
        list = new Keeper[](size);
        for (uint160 i = 0; i < size; ++i) {
            list[i] = Keeper({
                operator: address(i + 1), publicKeyHash: keccak256(abi.encode(i)), endpoint: "https://keeper.example"
            });
        }
    }

    function _digestOf(Keeper[] memory list) private pure returns (bytes32) {
        bytes memory packed;
        for (uint256 i = 0; i < list.length; ++i) {
            packed = abi.encodePacked(packed, list[i].operator, list[i].publicKeyHash);
        }
        return sha256(packed);
    }
}
