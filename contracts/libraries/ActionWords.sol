// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Parameters in words
/// @notice What stands beside a number in the message that a person signs: a date, purposes, folders, a role.
/// @dev Each function gives the Keccak-256 hash of the words, which is what EIP-712 makes of a string. The contract
/// writes them from the numbers that are executed, so a page can't put others in their place. The words are those of
/// `sdk/src/contracts/action-words.ts`; `test/contracts/actions.test.ts` holds both tables against each other.
library ActionWords {
    /// @dev 1 January 10000. No consent of anybody alive ends later.
    uint256 private constant YEAR_10000 = 253_402_300_800;
    string private constant MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /// @dev `21 Nov 2026, 18:30 UTC`; what is left of the minute is left out. Zero is now, as contracts have it.
    function time(uint256 instant) internal pure returns (bytes32) {
        if (instant == 0) return keccak256("at once");
        if (instant >= YEAR_10000) return keccak256("after the year 9999");
        uint256 minute = (instant % 1 days) / 1 minutes;
        return keccak256(
            bytes.concat(_dateInWords(instant / 1 days), ", ", _two(minute / 60), ":", _two(minute % 60), " UTC")
        );
    }

    /// @dev `Treatment, Payment`.
    function purposes(uint256 mask) internal pure returns (bytes32) {
        bytes memory words;
        for (uint256 purpose = 0; mask != 0; mask >>= 1) {
            if (mask & 1 == 1) words = _joined(words, bytes(_purpose(purpose)));
            ++purpose;
        }
        return keccak256(words);
    }

    /// @dev `Treatment`.
    function purposeOf(uint256 number) internal pure returns (bytes32) {
        return keccak256(bytes(_purpose(number)));
    }

    /// @dev `1, 4`: pages count folders from one, contracts count compartments from zero.
    function folders(uint256 mask) internal pure returns (bytes32) {
        if (mask == type(uint64).max) return keccak256("all");
        bytes memory words;
        for (uint256 folder = 1; mask != 0; mask >>= 1) {
            if (mask & 1 == 1) words = _joined(words, _number(folder));
            ++folder;
        }
        return keccak256(words);
    }

    /// @dev `Clinician`.
    function roleOf(uint256 role) internal pure returns (bytes32) {
        if (role == 1) return keccak256("Clinician");
        if (role == 2) return keccak256("Laboratory");
        if (role == 3) return keccak256("Pharmacy");
        if (role == 4) return keccak256("Hospital");
        if (role == 5) return keccak256("Insurer");
        if (role == 6) return keccak256("Public health");
        if (role == 7) return keccak256("Researcher");
        return keccak256("unknown");
    }

    /// @dev `The patient can't be asked`.
    function reasonOf(uint256 reason) internal pure returns (bytes32) {
        if (reason == 1) return keccak256(unicode"The patient can’t be asked");
        if (reason == 2) return keccak256("Waiting would endanger life or health");
        if (reason == 3) return keccak256("Other people are in danger");
        return keccak256("unknown");
    }

    function _purpose(uint256 number) private pure returns (string memory) {
        if (number == 0) return "Treatment";
        if (number == 1) return "Emergency treatment";
        if (number == 2) return "Break the glass";
        if (number == 3) return "Payment";
        if (number == 4) return "Running the organisation";
        if (number == 5) return "Research";
        if (number == 6) return unicode"At the patient’s request";
        if (number == 7) return "Public health";
        if (number == 8) return "Insurance cover";
        return "unknown";
    }

    function _joined(bytes memory words, bytes memory word) private pure returns (bytes memory) {
        return words.length == 0 ? word : bytes.concat(words, ", ", word);
    }

    /// @dev 1 to 256.
    function _number(uint256 number) private pure returns (bytes memory) {
        if (number < 10) return bytes.concat(_digit(number));
        if (number < 100) return bytes.concat(_two(number));
        return bytes.concat(_digit(number / 100), _two(number % 100));
    }

    function _two(uint256 number) private pure returns (bytes2) {
        return bytes2(_digit(number / 10)) | (bytes2(_digit(number % 10)) >> 8);
    }

    function _digit(uint256 number) private pure returns (bytes1) {
        return bytes1(uint8(48 + number));
    }

    /// @dev `21 Nov 2026`
    function _dateInWords(uint256 sinceEpoch) private pure returns (bytes memory) {
        (uint256 year, uint256 month, uint256 day) = _date(sinceEpoch);
        return bytes.concat(_number(day), " ", _month(month), " ", _two(year / 100), _two(year % 100));
    }

    function _month(uint256 month) private pure returns (bytes3) {
        bytes memory months = bytes(MONTHS);
        return bytes3(bytes.concat(months[3 * month], months[3 * month + 1], months[3 * month + 2]));
    }

    /// @dev Days since 1 January 1970 as a date; months from 0 on. Years begin in March here, so that the day that may
    /// be missing is the last one (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
    function _date(uint256 sinceEpoch) private pure returns (uint256 year, uint256 month, uint256 day) {
        uint256 sinceMarch = sinceEpoch + 719_468;
        uint256 era = sinceMarch / 146_097;
        uint256 ofEra = sinceMarch % 146_097;
        uint256 yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
        uint256 ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        uint256 fromMarch = (5 * ofYear + 2) / 153;
        day = ofYear - (153 * fromMarch + 2) / 5 + 1;
        month = (fromMarch + 2) % 12;
        year = 400 * era + yearOfEra + (month < 2 ? 1 : 0);
    }
}
