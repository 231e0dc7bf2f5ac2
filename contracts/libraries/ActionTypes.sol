// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "../interfaces/IAccessLog.sol";
import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "../interfaces/IRecordIndex.sol";
import {ISessionForwarder} from "../interfaces/ISessionForwarder.sol";

/// @title The actions as EIP-712 types
/// @notice What a wallet shows before its person signs: the action's name and parameters, under the names that the
/// contracts have for them, structs laid out flat.
/// @dev Calldata and EIP-712 encode words alike, so what was signed is recomputed from the very bytes that are
/// executed: a page can't show one thing and send another. Where a parameter is a list or bytes, `kinds` says so for
/// each word, four bits from the lowest on. `test/contracts/actions.test.ts` holds this table against
/// the ABIs. `verifyProviders` takes structs in a list and has no type.
library ActionTypes {
    /// @dev What every action's type ends with.
    string private constant REQUEST =
        "Request request)Request(address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)";

    bytes32 internal constant REQUEST_TYPEHASH =
        keccak256("Request(address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)");

    uint256 private constant WORDS = 0;
    uint256 private constant WORD = 1;
    uint256 private constant LIST = 2;

    /// @dev The type of an action; zero for a call that has none. Those that people make most often come first.
    function typeOf(bytes4 selector) internal pure returns (bytes32 typeHash, uint256 kinds) {
        string memory action;
        (action, kinds) = _access(selector);
        if (bytes(action).length == 0) (action, kinds) = _records(selector);
        if (bytes(action).length == 0) (action, kinds) = _participants(selector);
        if (bytes(action).length != 0) typeHash = keccak256(bytes.concat(bytes(action), bytes(REQUEST)));
    }

    /// @dev The parameters as EIP-712 has them: lists and bytes by their hash, everything else as it is. Malformed
    /// calldata reverts.
    function encode(bytes calldata parameters, uint256 kinds) internal pure returns (bytes memory words) {
        if (kinds == WORDS) return parameters;
        for (uint256 offset = 0; kinds != 0; offset += 32) {
            bytes32 word = bytes32(parameters[offset:offset + 32]);
            uint256 kind = kinds & 0xf;
            if (kind != WORD) {
                uint256 start = uint256(word) + 32;
                uint256 size = uint256(bytes32(parameters[start - 32:start])) * (kind == LIST ? 32 : 1);
                word = keccak256(parameters[start:start + size]);
            }
            words = bytes.concat(words, word);
            kinds >>= 4;
        }
    }

    function _access(bytes4 s) private pure returns (string memory, uint256) {
        if (s == ISessionForwarder.startSession.selector) return ("StartSession(address key,uint48 expiresAt,", WORDS);
        if (s == ISessionForwarder.endSession.selector) return ("EndSession(", WORDS);
        if (s == IAccessLog.openRecords.selector) {
            return ("OpenRecords(bytes32[] recordIds,uint8 purpose,bytes32 keyHash,uint32 place,", 0x1112);
        }
        if (s == IConsentRegistry.grantConsent.selector) {
            return (
                "GrantConsent(address accessor,uint64 compartments,uint16 purposes,uint48 startsAt,"
                "uint48 expiresAt,bool mayWrite,",
                WORDS
            );
        }
        if (s == IConsentRegistry.amendConsent.selector) {
            return (
                "AmendConsent(address accessor,uint64 compartments,uint16 purposes,uint48 startsAt,"
                "uint48 expiresAt,bool mayWrite,",
                WORDS
            );
        }
        if (s == IConsentRegistry.requestConsent.selector) {
            return (
                "RequestConsent(address patient,uint64 compartments,uint16 purposes,uint48 expiresAt,"
                "bytes32 messageDigest,",
                WORDS
            );
        }
        if (s == IConsentRegistry.revokeConsent.selector) return ("RevokeConsent(address accessor,", WORDS);
        if (s == IConsentRegistry.revokeAll.selector) return ("RevokeAll(", WORDS);
        if (s == IConsentRegistry.declineRequest.selector) return ("DeclineRequest(address accessor,", WORDS);
        if (s == IConsentRegistry.restrictRecord.selector) {
            return ("RestrictRecord(bytes32 recordId,address accessor,", WORDS);
        }
        if (s == IConsentRegistry.liftRestriction.selector) {
            return ("LiftRestriction(bytes32 recordId,address accessor,", WORDS);
        }
        return ("", WORDS);
    }

    function _records(bytes4 s) private pure returns (string memory, uint256) {
        if (s == IRecordIndex.addRecord.selector) {
            return ("AddRecord(bytes32 recordId,address patient,uint8 compartment,", WORDS);
        }
        if (s == IRecordIndex.addRecords.selector) {
            return ("AddRecords(bytes32[] recordIds,address patient,uint8[] compartments,", 0x212);
        }
        if (s == IRecordIndex.submitRecord.selector) return ("SubmitRecord(bytes32 recordId,address patient,", WORDS);
        if (s == IRecordIndex.acceptRecords.selector) {
            return ("AcceptRecords(bytes32[] recordIds,uint8[] compartments,", 0x22);
        }
        if (s == IRecordIndex.rejectRecord.selector) return ("RejectRecord(bytes32 recordId,", WORDS);
        if (s == IRecordIndex.moveRecord.selector) return ("MoveRecord(bytes32 recordId,uint8 compartment,", WORDS);
        if (s == IRecordIndex.rewrapRecord.selector) {
            return ("RewrapRecord(bytes32 recordId,bytes32 envelopeDigest,", WORDS);
        }
        if (s == IRecordIndex.supersedeRecord.selector) {
            return ("SupersedeRecord(bytes32 recordId,bytes32 previous,", WORDS);
        }
        if (s == IRecordIndex.retireRecord.selector) return ("RetireRecord(bytes32 recordId,", WORDS);
        return ("", WORDS);
    }

    function _participants(bytes4 s) private pure returns (string memory, uint256) {
        if (s == IParticipantRegistry.registerPatient.selector) {
            return ("RegisterPatient(uint32 area,bytes32 pid,bytes32 publicKeyHash,", WORDS);
        }
        if (s == IParticipantRegistry.enrolPatient.selector) {
            return (
                "EnrolPatient(address patient,uint32 area,bytes32 pid,bytes32 publicKeyHash,uint48 deadline,"
                "bytes signature,",
                0x311111
            );
        }
        if (s == IParticipantRegistry.changePublicKey.selector) {
            return ("ChangePublicKey(bytes32 publicKeyHash,", WORDS);
        }
        if (s == IParticipantRegistry.registerProvider.selector) {
            return ("RegisterProvider(uint8 role,uint32 area,address organisation,bytes32 credentialHash,", WORDS);
        }
        if (s == IParticipantRegistry.registerVerifiedProvider.selector) {
            return (
                "RegisterVerifiedProvider(address manager,uint8 role,uint32 area,address organisation,"
                "bytes32 credentialHash,uint48 expiresAt,uint48 deadline,bytes signature,",
                0x31111111
            );
        }
        if (s == IParticipantRegistry.verifyProvider.selector) {
            return (
                "VerifyProvider(address provider,uint8 role,uint32 area,address organisation,"
                "bytes32 credentialHash,uint48 expiresAt,",
                WORDS
            );
        }
        if (s == IParticipantRegistry.renewProvider.selector) {
            return ("RenewProvider(address provider,uint48 expiresAt,", WORDS);
        }
        if (s == IParticipantRegistry.suspendProvider.selector) return ("SuspendProvider(address provider,", WORDS);
        if (s == IParticipantRegistry.reinstateProvider.selector) {
            return ("ReinstateProvider(address provider,", WORDS);
        }
        if (s == IParticipantRegistry.vouchForMembers.selector) return ("VouchForMembers(address[] members,", LIST);
        if (s == IParticipantRegistry.dropMembers.selector) return ("DropMembers(address[] members,", LIST);
        return ("", WORDS);
    }
}
