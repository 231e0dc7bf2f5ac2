// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

/// @title PatientContext
/// @notice In whose name a call is made. A signed request of the forwarder's ends with its signer (ERC-2771); a call
/// of a personal representative's comes from the guardianship and ends with the patient's id.
/// @dev Such a call is nobody's wallet: to whatever asks for a sender it is the guardianship's own, which is neither a
/// patient nor a provider. Only what asks for a patient finds one.
abstract contract PatientContext is ERC2771Context {
    /// @notice Who acts for patients, after it made sure of who may.
    address internal immutable GUARDIANSHIP;

    /// @param guardianship Who acts for patients.
    /// @param forwarder Relays signed requests (ERC-2771).
    constructor(address guardianship, address forwarder) ERC2771Context(forwarder) {
        GUARDIANSHIP = guardianship;
    }

    function _represented() internal view returns (bool) {
        return msg.sender == GUARDIANSHIP;
    }

    function _representedPatient() internal pure returns (address) {
        return address(bytes20(msg.data[msg.data.length - 20:]));
    }
}
