// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Enrolment, Voucher} from "../../../contracts/types/Types.sol";

/// @notice EIP-712 by the letter, so that the helpers of the registry are held against something.
library TypedData {
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant ENROLMENT =
        keccak256("Enrolment(address patient,uint32 area,bytes32 pid,bytes32 publicKeyHash,uint48 deadline)");
    bytes32 private constant VOUCHER = keccak256(
        "Voucher(address provider,address manager,uint8 role,uint32 area,address organisation,bytes32 credentialHash,uint48 expiresAt,uint48 deadline)"
    );

    /// @dev What a manager signs so that `provider` registers and is verified in one call.
    function digest(address registry, address provider, Voucher memory v) internal view returns (bytes32) {
        return
            _typed(
                registry, keccak256(abi.encode(VOUCHER, provider, v.manager, v.application, v.expiresAt, v.deadline))
            );
    }

    /// @dev What a patient signs so that a manager enrols it.
    function digest(address registry, Enrolment memory enrolment) internal view returns (bytes32) {
        return _typed(registry, keccak256(abi.encode(ENROLMENT, enrolment)));
    }

    function _typed(address registry, bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(DOMAIN, keccak256("Chartkey"), keccak256("1"), block.chainid, registry));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
