// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "../../contracts/interfaces/IAccessLog.sol";
import {ActionTypes} from "../../contracts/libraries/ActionTypes.sol";
import {ActionWords} from "../../contracts/libraries/ActionWords.sol";
import {Role} from "../../contracts/types/Types.sol";
import {Requests} from "./support/Requests.sol";

/// @notice What stands in a wallet beside the numbers, letter for letter.
contract WordsTest is Requests {
    function test_Time_IsADayAndAMinuteInUtc() public pure {
        _assertWords(ActionWords.time(0), "at once");
        _assertWords(ActionWords.time(1), "1 Jan 1970, 00:00 UTC");
        _assertWords(ActionWords.time(951_782_399), "28 Feb 2000, 23:59 UTC");
        _assertWords(ActionWords.time(951_782_400), "29 Feb 2000, 00:00 UTC");
        _assertWords(ActionWords.time(951_868_800), "1 Mar 2000, 00:00 UTC");
        _assertWords(ActionWords.time(1_795_285_859), "21 Nov 2026, 18:30 UTC");
        _assertWords(ActionWords.time(4_107_542_399), "28 Feb 2100, 23:59 UTC");
        _assertWords(ActionWords.time(4_107_542_400), "1 Mar 2100, 00:00 UTC");
        _assertWords(ActionWords.time(253_402_300_799), "31 Dec 9999, 23:59 UTC");
        _assertWords(ActionWords.time(253_402_300_800), "after the year 9999");
        _assertWords(ActionWords.time(type(uint256).max), "after the year 9999");
    }

    function test_Purposes_AreNamed() public pure {
        string[10] memory names = [
            "Treatment",
            "Emergency treatment",
            "Break the glass",
            "Payment",
            "Running the organisation",
            "Research",
            unicode"At the patient’s request",
            "Public health",
            "Insurance cover",
            "unknown"
        ];
        for (uint256 purpose = 0; purpose < names.length; ++purpose) {
            _assertWords(ActionWords.purposeOf(purpose), names[purpose]);
            _assertWords(ActionWords.purposes(1 << purpose), names[purpose]);
        }
        _assertWords(ActionWords.purposes(0), "");
        _assertWords(ActionWords.purposes(9), "Treatment, Payment");
    }

    function test_Folders_CountFromOne() public pure {
        _assertWords(ActionWords.folders(0), "");
        _assertWords(ActionWords.folders(1), "1");
        _assertWords(ActionWords.folders(9), "1, 4");
        _assertWords(ActionWords.folders(1 << 63), "64");
        _assertWords(ActionWords.folders(1 << 255), "256");
        _assertWords(ActionWords.folders(type(uint64).max), "all");
        _assertWords(ActionWords.folders(7 << 97), "98, 99, 100");
    }

    function test_Roles_AreNamed() public pure {
        string[9] memory names = [
            "unknown",
            "Clinician",
            "Laboratory",
            "Pharmacy",
            "Hospital",
            "Insurer",
            "Public health",
            "Researcher",
            "unknown"
        ];
        for (uint256 role = 0; role < names.length; ++role) {
            _assertWords(ActionWords.roleOf(role), names[role]);
        }
        vm.assertEq(uint256(type(Role).max), names.length - 2, "each role");
    }

    /// @dev A compartment that no contract takes must not look like one that it takes, or like none.
    function test_Reasons_AreNamed() public pure {
        string[5] memory reasons = [
            "unknown",
            unicode"The patient can’t be asked",
            "Waiting would endanger life or health",
            "Other people are in danger",
            "unknown"
        ];
        for (uint256 i = 0; i < reasons.length; ++i) {
            _assertWords(ActionWords.reasonOf(i), reasons[i]);
        }
    }

    function test_Compartments_BeyondTheLastAreNotHidden() public view {
        uint256[3] memory numbers = [uint256(255), 256, type(uint256).max];
        for (uint256 i = 0; i < numbers.length; ++i) {
            bytes memory words = this.parametersOf(bytes.concat(bytes4(0), bytes32(numbers[i])), 7);
            _assertWords(bytes32(words), "256");
        }
    }

    function test_Types_OfWhatNobodySigns() public pure {
        (bytes32 typeHash, bytes32 sentence, uint256 kinds) = ActionTypes.typeOf(0xffffffff);
        vm.assertEq(typeHash, 0, "type");
        vm.assertEq(sentence, 0, "sentence");
        vm.assertEq(kinds, 0, "kinds");
        (typeHash, sentence,) = ActionTypes.typeOf(IAccessLog.openRecords.selector);
        _assertWords(sentence, "Open these records. The patient sees that you did.");
    }

    function _assertWords(bytes32 hash, string memory words) private pure {
        vm.assertEq(hash, keccak256(bytes(words)), words);
    }
}
