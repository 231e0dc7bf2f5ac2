// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "../interfaces/IAccessLog.sol";
import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "../interfaces/IRecordIndex.sol";
import {ISessionForwarder} from "../interfaces/ISessionForwarder.sol";
import {CareActionTypes} from "./CareActionTypes.sol";

/// @title The actions as EIP-712 types
/// @notice What a wallet shows before its person signs: a sentence that says what is done, in words what people can't
/// read as a number (`ActionWords`), and all parameters under the names that the contracts have for them, structs laid
/// out flat.
/// @dev One line of the table for each action. Types are written out, so that the compiler hashes them. Kinds say what
/// each word of the parameters is (`ActionData`), four bits from the lowest on; zero where all are plain.
/// `test/contracts/actions.test.ts` holds this table against the ABIs.
library ActionTypes {
    uint256 internal constant PLAIN = 0;
    // A word as it is has kind 1. Lists and bytes go by their hash.
    uint256 internal constant LIST = 2;
    uint256 internal constant BYTES = 3;
    // Words as they are, that have words beside them.
    uint256 internal constant TIME = 4;
    uint256 internal constant PURPOSE = 5;
    uint256 internal constant PURPOSES = 6;
    uint256 internal constant COMPARTMENT = 7;
    uint256 internal constant COMPARTMENTS = 8;
    uint256 internal constant COMPARTMENT_LIST = 9;
    uint256 internal constant ROLE = 10;
    uint256 internal constant VERIFICATIONS = 11;
    uint256 internal constant REASON = 12;
    // The bytes of another action, by their hash, with its sentence beside it.
    uint256 internal constant CALL = 13;

    /// @dev What every action's type ends with.
    bytes32 internal constant REQUEST_TYPEHASH =
        keccak256("Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)");

    /// @dev One of `verifyProviders`.
    bytes32 internal constant VERIFICATION_TYPEHASH = keccak256(
        "Verification(string roleName,string until,address provider,uint8 role,uint32 area,"
        "address organisation,bytes32 credentialHash,uint48 expiresAt)"
    );
    uint256 internal constant VERIFICATION_KINDS = 0x4111a1;
    uint256 internal constant VERIFICATION_BYTES = 6 * 32;

    /// @dev The type of an action, the hash of what it does as a sentence, and the kinds of its words; zero for a call
    /// that nobody signs. Those that people make most often come first.
    function typeOf(bytes4 selector) internal pure returns (bytes32 typeHash, bytes32 sentence, uint256 kinds) {
        (typeHash, sentence, kinds) = _access(selector);
        if (typeHash == 0) (typeHash, sentence, kinds) = _records(selector);
        if (typeHash == 0) (typeHash, sentence, kinds) = _participants(selector);
        if (typeHash == 0) (typeHash, sentence, kinds) = CareActionTypes.typeOf(selector);
    }

    function _access(bytes4 s) private pure returns (bytes32, bytes32, uint256) {
        if (s == ISessionForwarder.startSession.selector) {
            return (
                keccak256(
                    "StartSession(string action,string until,address key,uint48 expiresAt,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Start a shift. Until it ends, openings in your name need no further signature."),
                0x41
            );
        }
        if (s == ISessionForwarder.endSession.selector) {
            return (
                keccak256(
                    "EndSession(string action,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("End your shift, on every device."),
                PLAIN
            );
        }
        if (s == IAccessLog.openRecords.selector) {
            return (
                keccak256(
                    "OpenRecords(string action,string why,bytes32[] recordIds,uint8 purpose,bytes32 keyHash,"
                    "uint32 place,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Open these records. The patient sees that you did."),
                0x1152
            );
        }
        if (s == IConsentRegistry.grantConsent.selector) {
            return (
                keccak256(
                    "GrantConsent(string action,string folders,string why,string from,string until,"
                    "address accessor,uint64 compartments,uint16 purposes,uint48 startsAt,uint48 expiresAt,"
                    "bool mayWrite,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Let this accessor read your records."),
                0x144681
            );
        }
        if (s == IConsentRegistry.amendConsent.selector) {
            return (
                keccak256(
                    "AmendConsent(string action,string folders,string why,string from,string until,"
                    "address accessor,uint64 compartments,uint16 purposes,uint48 startsAt,uint48 expiresAt,"
                    "bool mayWrite,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Change what this accessor may read of your records."),
                0x144681
            );
        }
        if (s == IConsentRegistry.requestConsent.selector) {
            return (
                keccak256(
                    "RequestConsent(string action,string folders,string why,string until,address patient,"
                    "uint64 compartments,uint16 purposes,uint48 expiresAt,bytes32 messageDigest,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Ask this patient to let you read records."),
                0x14681
            );
        }
        if (s == IConsentRegistry.revokeConsent.selector) {
            return (
                keccak256(
                    "RevokeConsent(string action,address accessor,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Stop sharing with this accessor."),
                PLAIN
            );
        }
        if (s == IConsentRegistry.revokeAll.selector) {
            return (
                keccak256(
                    "RevokeAll(string action,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Stop sharing with everybody."),
                PLAIN
            );
        }
        if (s == IConsentRegistry.declineRequest.selector) {
            return (
                keccak256(
                    "DeclineRequest(string action,address accessor,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Decline what this accessor asked for."),
                PLAIN
            );
        }
        if (s == IConsentRegistry.restrictRecord.selector) {
            return (
                keccak256(
                    "RestrictRecord(string action,bytes32 recordId,address accessor,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Keep this record from this accessor; from everybody if the accessor is zero."),
                PLAIN
            );
        }
        if (s == IConsentRegistry.liftRestriction.selector) {
            return (
                keccak256(
                    "LiftRestriction(string action,bytes32 recordId,address accessor,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Keep this record from this accessor no more."),
                PLAIN
            );
        }
        return (0, 0, PLAIN);
    }

    function _records(bytes4 s) private pure returns (bytes32, bytes32, uint256) {
        if (s == IRecordIndex.addRecord.selector) {
            return (
                keccak256(
                    "AddRecord(string action,string folders,bytes32 recordId,address patient,uint8 compartment,"
                    "Request request)" "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,"
                    "uint48 deadline)"
                ),
                keccak256("Add this record to the patient's chart."),
                0x711
            );
        }
        if (s == IRecordIndex.addRecords.selector) {
            return (
                keccak256(
                    "AddRecords(string action,string folders,bytes32[] recordIds,address patient,"
                    "uint8[] compartments,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Add these records to the patient's chart."),
                0x912
            );
        }
        if (s == IRecordIndex.submitRecord.selector) {
            return (
                keccak256(
                    "SubmitRecord(string action,bytes32 recordId,address patient,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Offer this record to the patient, who accepts or rejects it."),
                PLAIN
            );
        }
        if (s == IRecordIndex.acceptRecords.selector) {
            return (
                keccak256(
                    "AcceptRecords(string action,string folders,bytes32[] recordIds,uint8[] compartments,"
                    "Request request)" "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,"
                    "uint48 deadline)"
                ),
                keccak256("Accept these records into your chart."),
                0x92
            );
        }
        if (s == IRecordIndex.rejectRecord.selector) {
            return (
                keccak256(
                    "RejectRecord(string action,bytes32 recordId,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Reject this record."),
                PLAIN
            );
        }
        if (s == IRecordIndex.moveRecord.selector) {
            return (
                keccak256(
                    "MoveRecord(string action,string folders,bytes32 recordId,uint8 compartment,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Move this record to another folder: other people may be able to read it then."),
                0x71
            );
        }
        if (s == IRecordIndex.rewrapRecord.selector) {
            return (
                keccak256(
                    "RewrapRecord(string action,bytes32 recordId,bytes32 envelopeDigest,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Put a new envelope around this record."),
                PLAIN
            );
        }
        if (s == IRecordIndex.supersedeRecord.selector) {
            return (
                keccak256(
                    "SupersedeRecord(string action,bytes32 recordId,bytes32 previous,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Say that the first record is the newer version of the second."),
                PLAIN
            );
        }
        if (s == IRecordIndex.retireRecord.selector) {
            return (
                keccak256(
                    "RetireRecord(string action,bytes32 recordId,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("End this record for good. Nobody can open it any more."),
                PLAIN
            );
        }
        return (0, 0, PLAIN);
    }

    function _participants(bytes4 s) private pure returns (bytes32, bytes32, uint256) {
        if (s == IParticipantRegistry.registerPatient.selector) {
            return (
                keccak256(
                    "RegisterPatient(string action,uint32 area,bytes32 pid,bytes32 publicKeyHash,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Set up your chart under this patient number <area, pid>."),
                PLAIN
            );
        }
        if (s == IParticipantRegistry.enrolPatient.selector) {
            return (
                keccak256(
                    "EnrolPatient(string action,string validUntil,address patient,uint32 area,bytes32 pid,"
                    "bytes32 publicKeyHash,uint48 deadline,bytes signature,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Enrol this patient, who signed for it."),
                0x341111
            );
        }
        if (s == IParticipantRegistry.changePublicKey.selector) {
            return (
                keccak256(
                    "ChangePublicKey(string action,bytes32 publicKeyHash,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Change the key that your new records are sealed to."),
                PLAIN
            );
        }
        if (s == IParticipantRegistry.registerProvider.selector) {
            return (
                keccak256(
                    "RegisterProvider(string action,string roleName,uint8 role,uint32 area,address organisation,"
                    "bytes32 credentialHash,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Apply as a provider."),
                0x111a
            );
        }
        if (s == IParticipantRegistry.registerVerifiedProvider.selector) {
            return (
                keccak256(
                    "RegisterVerifiedProvider(string action,string roleName,string until,string validUntil,"
                    "address manager,uint8 role,uint32 area,address organisation,bytes32 credentialHash,"
                    "uint48 expiresAt,uint48 deadline,bytes signature,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Register as a provider whom a manager has verified."),
                0x344111a1
            );
        }
        if (s == IParticipantRegistry.verifyProvider.selector) {
            return (
                keccak256(
                    "VerifyProvider(string action,string roleName,string until,address provider,uint8 role,"
                    "uint32 area,address organisation,bytes32 credentialHash,uint48 expiresAt,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Verify this provider."),
                0x4111a1
            );
        }
        if (s == IParticipantRegistry.verifyProviders.selector) {
            return (
                keccak256(
                    "VerifyProviders(string action,Verification[] verifications,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                    "Verification(string roleName,string until,address provider,uint8 role,uint32 area,"
                    "address organisation,bytes32 credentialHash,uint48 expiresAt)"
                ),
                keccak256("Verify these providers, all or none."),
                VERIFICATIONS
            );
        }
        if (s == IParticipantRegistry.renewProvider.selector) {
            return (
                keccak256(
                    "RenewProvider(string action,string until,address provider,uint48 expiresAt,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Renew this provider's verification."),
                0x41
            );
        }
        if (s == IParticipantRegistry.suspendProvider.selector) {
            return (
                keccak256(
                    "SuspendProvider(string action,address provider,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Suspend this provider. It can open nothing from then on."),
                PLAIN
            );
        }
        if (s == IParticipantRegistry.reinstateProvider.selector) {
            return (
                keccak256(
                    "ReinstateProvider(string action,address provider,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Reinstate this provider."),
                PLAIN
            );
        }
        if (s == IParticipantRegistry.vouchForMembers.selector) {
            return (
                keccak256(
                    "VouchForMembers(string action,address[] members,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Say that these providers are members of your organisation."),
                LIST
            );
        }
        if (s == IParticipantRegistry.dropMembers.selector) {
            return (
                keccak256(
                    "DropMembers(string action,address[] members,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Say that these providers are members of your organisation no more."),
                LIST
            );
        }
        return (0, 0, PLAIN);
    }
}
