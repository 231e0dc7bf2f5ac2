// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEmergencyAccess} from "../interfaces/IEmergencyAccess.sol";
import {IGuardianship} from "../interfaces/IGuardianship.sol";

/// @title The actions of emergencies and guardians as EIP-712 types
/// @notice The part of `ActionTypes`, which is the manual, for what people seldom do.
library CareActionTypes {
    uint256 private constant PLAIN = 0;

    /// @dev As `ActionTypes.typeOf`.
    function typeOf(bytes4 selector) internal pure returns (bytes32 typeHash, bytes32 sentence, uint256 kinds) {
        (typeHash, sentence, kinds) = _emergencies(selector);
        if (typeHash == 0) (typeHash, sentence, kinds) = _guardianship(selector);
    }

    function _emergencies(bytes4 s) private pure returns (bytes32, bytes32, uint256) {
        if (s == IEmergencyAccess.setEmergencySet.selector) {
            return (
                keccak256(
                    "SetEmergencySet(string action,string folders,uint64 compartments,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Mark these folders for emergencies: clinicians whom others confirm can open them."),
                0x8
            );
        }
        if (s == IEmergencyAccess.requestEmergency.selector) {
            return (
                keccak256(
                    "RequestEmergency(string action,string because,address patient,uint8 reason,"
                    "bytes32 messageDigest,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256(
                        "Break the glass: ask for emergency access to this patient's records. You will be " "asked why."
                    ),
                0x1c1
            );
        }
        if (s == IEmergencyAccess.coSignEmergency.selector) {
            return (
                keccak256(
                    "CoSignEmergency(string action,uint64 emergencyId,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Confirm, as a clinician, that this is an emergency."),
                PLAIN
            );
        }
        if (s == IEmergencyAccess.confirmEmergency.selector) {
            return (
                keccak256(
                    "ConfirmEmergency(string action,uint64 emergencyId,address[] guardians,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Confirm, as a guardian, that this is an emergency."),
                0x21
            );
        }
        if (s == IEmergencyAccess.endEmergency.selector) {
            return (
                keccak256(
                    "EndEmergency(string action,uint64 emergencyId,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("End this emergency access."),
                PLAIN
            );
        }
        if (s == IEmergencyAccess.reviewEmergency.selector) {
            return (
                keccak256(
                    "ReviewEmergency(string action,uint64 emergencyId,bool justified,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Say whether this emergency was justified."),
                PLAIN
            );
        }
        return (0, 0, PLAIN);
    }

    function _guardianship(bytes4 s) private pure returns (bytes32, bytes32, uint256) {
        if (s == IGuardianship.setGuardians.selector) {
            return (
                keccak256(
                    "SetGuardians(string action,address[] guardians,uint8 threshold,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256(
                        "Choose your guardians, and how many of them it takes. Together they can move you to "
                        "another wallet."
                    ),
                0x12
            );
        }
        if (s == IGuardianship.approveWallet.selector) {
            return (
                keccak256(
                    "ApproveWallet(string action,address patient,address wallet,address[] guardians," "Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Approve, as a guardian, that this patient moves to this wallet."),
                0x211
            );
        }
        if (s == IGuardianship.objectToWallet.selector) {
            return (
                keccak256(
                    "ObjectToWallet(string action,address wallet,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Object: this wallet is not yours."),
                PLAIN
            );
        }
        if (s == IGuardianship.offerWallet.selector) {
            return (
                keccak256(
                    "OfferWallet(string action,address wallet,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Let this wallet take the place of yours. Whoever holds it becomes you."),
                PLAIN
            );
        }
        if (s == IGuardianship.takeWallet.selector) {
            return (
                keccak256(
                    "TakeWallet(string action,address patient,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Become the wallet of this patient."),
                PLAIN
            );
        }
        if (s == IGuardianship.appointRepresentative.selector) {
            return (
                keccak256(
                    "AppointRepresentative(string action,string until,address representative,uint48 expiresAt,"
                    "Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Let this person act in your name."),
                0x41
            );
        }
        if (s == IGuardianship.appointForMinor.selector) {
            return (
                keccak256(
                    "AppointForMinor(string action,string until,uint32 area,bytes32 pid,address representative,"
                    "uint48 expiresAt,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Appoint this representative for a minor. A second manager has to agree."),
                0x4111
            );
        }
        if (s == IGuardianship.endRepresentation.selector) {
            return (
                keccak256(
                    "EndRepresentation(string action,address patient,address representative,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("End this representation."),
                PLAIN
            );
        }
        if (s == IGuardianship.actFor.selector) {
            return (
                keccak256(
                    "ActFor(string action,string does,address patient,address target,bytes call,Request request)"
                    "Request(string validUntil,address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)"
                ),
                keccak256("Act in the name of the patient whom you represent."),
                0xd11
            );
        }
        return (0, 0, PLAIN);
    }
}
