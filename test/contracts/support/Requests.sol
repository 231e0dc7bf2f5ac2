// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";

import {ActionData} from "../../../contracts/libraries/ActionData.sol";
import {ActionTypes} from "../../../contracts/libraries/ActionTypes.sol";
import {World} from "./World.sol";

/// @notice Requests as persons and session keys sign them. That the types themselves are those of the ABIs, and that
/// wallets come to the same hash, `actions.test.ts` tests.
abstract contract Requests is World {
    uint256 internal constant GAS = 3_000_000;

    bytes32 private constant FORWARD_REQUEST = keccak256(
        "ForwardRequest(address from,address to,uint256 value,uint256 gas,uint256 nonce,uint48 deadline,bytes data)"
    );

    /// @dev Not yet signed: the best of deadlines, the standing nonce.
    function _unsigned(address from, address to, bytes memory data)
        internal
        view
        returns (ERC2771Forwarder.ForwardRequestData memory)
    {
        return ERC2771Forwarder.ForwardRequestData({
            from: from, to: to, value: 0, gas: GAS, deadline: uint48(block.timestamp), data: data, signature: ""
        });
    }

    /// @dev As a wallet signs: what is done in words where there is a type for it.
    function _signed(uint256 key, address from, address to, bytes memory data)
        internal
        view
        returns (ERC2771Forwarder.ForwardRequestData memory request)
    {
        request = _unsigned(from, to, data);
        request.signature = _sign(key, _actionHash(request, forwarder.nonces(from)));
    }

    /// @dev As a session key signs: the bare request, with the key's own nonce.
    function _signedByKey(uint256 key, address from, address to, bytes memory data)
        internal
        view
        returns (ERC2771Forwarder.ForwardRequestData memory request)
    {
        request = _unsigned(from, to, data);
        request.signature = _sign(key, _forwardHash(request, forwarder.nonces(vm.addr(key))));
    }

    function _actionHash(ERC2771Forwarder.ForwardRequestData memory r, uint256 nonce) internal view returns (bytes32) {
        (bytes32 typeHash, bytes32 sentence, uint256 kinds) = ActionTypes.typeOf(bytes4(r.data));
        bytes32 requestHash = ActionData.hashRequest(r.from, r.to, r.gas, nonce, r.deadline);
        return keccak256(bytes.concat(typeHash, sentence, this.parametersOf(r.data, kinds), requestHash));
    }

    function _forwardHash(ERC2771Forwarder.ForwardRequestData memory r, uint256 nonce) internal pure returns (bytes32) {
        return
            keccak256(abi.encode(FORWARD_REQUEST, r.from, r.to, r.value, r.gas, nonce, r.deadline, keccak256(r.data)));
    }

    /// @dev External, since the parameters have to lie in calldata.
    function parametersOf(bytes calldata data, uint256 kinds) external pure returns (bytes memory) {
        return ActionData.encode(data[4:], kinds);
    }

    function _sign(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Chartkey"),
                keccak256("1"),
                block.chainid,
                address(forwarder)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }
}
