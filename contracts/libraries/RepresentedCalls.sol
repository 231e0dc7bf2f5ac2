// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IEmergencyAccess} from "../interfaces/IEmergencyAccess.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IRecordIndex} from "../interfaces/IRecordIndex.sol";

/// @title What representatives do
/// @notice The calls that a representative makes in a patient's name. All others are refused: whatever only contracts
/// call, what providers do, and what a patient does about its wallet, guardians, representatives and sessions.
/// Openings are not among them: a representative opens as itself, so that the entry says who.
library RepresentedCalls {
    function isOfConsents(bytes4 s) internal pure returns (bool) {
        return s == IConsentRegistry.grantConsent.selector || s == IConsentRegistry.amendConsent.selector
            || s == IConsentRegistry.revokeConsent.selector || s == IConsentRegistry.revokeAll.selector
            || s == IConsentRegistry.declineRequest.selector || s == IConsentRegistry.restrictRecord.selector
            || s == IConsentRegistry.liftRestriction.selector;
    }

    function isOfRecords(bytes4 s) internal pure returns (bool) {
        return s == IRecordIndex.addRecord.selector || s == IRecordIndex.addRecords.selector
            || s == IRecordIndex.acceptRecords.selector || s == IRecordIndex.rejectRecord.selector
            || s == IRecordIndex.moveRecord.selector || s == IRecordIndex.rewrapRecord.selector
            || s == IRecordIndex.supersedeRecord.selector || s == IRecordIndex.retireRecord.selector;
    }

    function isOfEmergencies(bytes4 s) internal pure returns (bool) {
        return s == IEmergencyAccess.setEmergencySet.selector || s == IEmergencyAccess.endEmergency.selector
            || s == IEmergencyAccess.reviewEmergency.selector;
    }

    function isOfParticipants(bytes4 s) internal pure returns (bool) {
        return s == IParticipantRegistry.changePublicKey.selector;
    }
}
