// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Decision, Ground} from "../types/Types.sol";

/// @notice A decision and the patient whose record it is about, in one word.
type Ruling is uint256;

using Rulings for Ruling global;

/// @title Rulings
/// @notice Packs what is decided of one record into one word: contracts pass lists of them on to each other.
/// @dev Layout from the lowest bit: patient 160 | decision 8 | ground 8.
library Rulings {
    /// @notice The word.
    /// @param outcome What was decided.
    /// @param whose The patient; zero if the record is unknown.
    /// @return The ruling.
    function pack(Decision outcome, address whose) internal pure returns (Ruling) {
        return Ruling.wrap((uint256(uint8(outcome)) << 160) | uint160(whose));
    }

    /// @notice The word of a permission that is not ordinary.
    /// @param why On what ground it is permitted.
    /// @param whose The patient.
    /// @return The ruling.
    function permit(Ground why, address whose) internal pure returns (Ruling) {
        return Ruling.wrap((uint256(uint8(why)) << 168) | Ruling.unwrap(pack(Decision.Permit, whose)));
    }

    /// @notice On what ground it is permitted.
    /// @param ruling The ruling.
    /// @return The ground.
    function ground(Ruling ruling) internal pure returns (Ground) {
        return Ground(uint8(Ruling.unwrap(ruling) >> 168));
    }

    /// @notice Whether it is permitted on a ground that is not ordinary.
    /// @param ruling The ruling.
    /// @return Whether it is.
    function isMarked(Ruling ruling) internal pure returns (bool) {
        return Ruling.unwrap(ruling) >> 168 != 0;
    }

    /// @notice Whether it is `Permit`.
    /// @param ruling The ruling.
    /// @return Whether it is.
    function permits(Ruling ruling) internal pure returns (bool) {
        return uint8(Ruling.unwrap(ruling) >> 160) == uint8(Decision.Permit);
    }

    /// @notice What was decided.
    /// @param ruling The ruling.
    /// @return `Permit`, or the one reason to deny.
    function decision(Ruling ruling) internal pure returns (Decision) {
        return Decision(uint8(Ruling.unwrap(ruling) >> 160));
    }

    /// @notice Whose record it is.
    /// @param ruling The ruling.
    /// @return The patient; zero if the record is unknown.
    function patient(Ruling ruling) internal pure returns (address) {
        return address(uint160(Ruling.unwrap(ruling)));
    }
}
