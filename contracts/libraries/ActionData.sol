// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ActionTypes} from "./ActionTypes.sol";
import {ActionWords} from "./ActionWords.sol";

/// @title The data of a signed action
/// @notice What stands in the EIP-712 message, recomputed from the very bytes that are executed: a page can't show one
/// thing and send another.
/// @dev Calldata and EIP-712 encode words alike.
library ActionData {
    /// @dev Who signs, and until when it may be sent.
    function hashRequest(address signer, address to, uint256 gas, uint256 nonce, uint48 deadline)
        internal
        pure
        returns (bytes32)
    {
        bytes memory fields = abi.encode(signer, to, gas, nonce, deadline);
        return keccak256(bytes.concat(ActionTypes.REQUEST_TYPEHASH, ActionWords.time(deadline), fields));
    }

    /// @dev The words beside the parameters, then the parameters as EIP-712 has them. Malformed calldata reverts.
    function encode(bytes calldata parameters, uint256 kinds) internal pure returns (bytes memory) {
        if (kinds == ActionTypes.PLAIN) return parameters;
        bytes memory inWords;
        bytes memory encoded;
        for (uint256 offset = 0; kinds != 0; offset += 32) {
            bytes32 word = bytes32(parameters[offset:offset + 32]);
            inWords = bytes.concat(inWords, _beside(parameters, word, kinds & 0xf));
            encoded = bytes.concat(encoded, _encoded(parameters, word, kinds & 0xf));
            kinds >>= 4;
        }
        return bytes.concat(inWords, encoded);
    }

    /// @dev The words beside a parameter; nothing where the parameter speaks for itself.
    function _beside(bytes calldata parameters, bytes32 word, uint256 kind) private pure returns (bytes memory) {
        if (kind < ActionTypes.TIME || kind == ActionTypes.VERIFICATIONS) return "";
        if (kind == ActionTypes.COMPARTMENT_LIST) {
            return bytes.concat(ActionWords.folders(_maskOf(_content(parameters, word, 32))));
        }
        if (kind == ActionTypes.CALL) {
            (, bytes32 sentence,) = ActionTypes.typeOf(bytes4(_content(parameters, word, 1)));
            return bytes.concat(sentence);
        }
        return bytes.concat(_inWords(kind, uint256(word)));
    }

    /// @dev Lists and bytes by their hash, everything else as it is.
    function _encoded(bytes calldata parameters, bytes32 word, uint256 kind) private pure returns (bytes32) {
        if (kind == ActionTypes.BYTES || kind == ActionTypes.CALL) return keccak256(_content(parameters, word, 1));
        if (kind == ActionTypes.LIST || kind == ActionTypes.COMPARTMENT_LIST) {
            return keccak256(_content(parameters, word, 32));
        }
        if (kind == ActionTypes.VERIFICATIONS) {
            return _hashVerifications(_content(parameters, word, ActionTypes.VERIFICATION_BYTES));
        }
        return word;
    }

    function _inWords(uint256 kind, uint256 number) private pure returns (bytes32) {
        if (kind == ActionTypes.TIME) return ActionWords.time(number);
        if (kind == ActionTypes.PURPOSE) return ActionWords.purposeOf(number);
        if (kind == ActionTypes.PURPOSES) return ActionWords.purposes(number);
        if (kind == ActionTypes.COMPARTMENT) return ActionWords.folders(_bit(number));
        if (kind == ActionTypes.COMPARTMENTS) return ActionWords.folders(number);
        if (kind == ActionTypes.REASON) return ActionWords.reasonOf(number);
        return ActionWords.roleOf(number);
    }

    /// @dev What a word points to: so many items of so many bytes.
    function _content(bytes calldata parameters, bytes32 word, uint256 itemBytes)
        private
        pure
        returns (bytes calldata)
    {
        uint256 start = uint256(word) + 32;
        uint256 count = uint256(bytes32(parameters[start - 32:start]));
        return parameters[start:start + count * itemBytes];
    }

    function _maskOf(bytes calldata list) private pure returns (uint256 mask) {
        for (uint256 offset = 0; offset < list.length; offset += 32) {
            mask |= _bit(uint256(bytes32(list[offset:offset + 32])));
        }
    }

    /// @dev Contracts refuse compartments from 64 on; whatever they are, they must not look like none.
    function _bit(uint256 number) private pure returns (uint256) {
        return 1 << (number < 256 ? number : 255);
    }

    function _hashVerifications(bytes calldata list) private pure returns (bytes32) {
        bytes memory hashes;
        for (uint256 offset = 0; offset < list.length; offset += ActionTypes.VERIFICATION_BYTES) {
            bytes memory fields =
                encode(list[offset:offset + ActionTypes.VERIFICATION_BYTES], ActionTypes.VERIFICATION_KINDS);
            hashes = bytes.concat(hashes, keccak256(bytes.concat(ActionTypes.VERIFICATION_TYPEHASH, fields)));
        }
        return keccak256(hashes);
    }
}
