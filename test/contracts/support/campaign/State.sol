// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Consent, Provider, RecordId, RecordStatus} from "../../../../contracts/types/Types.sol";

/// @notice One record, as told by somebody who is not the contracts.
struct RecordState {
    RecordStatus status;
    address patient;
    address author;
    uint8 compartment;
    RecordId previous;
    RecordId next;
    bytes32 envelope;
}

/// @notice What the contracts hold of people, consents and records, as told by somebody who doesn't ask them: by the
/// model, which follows the calls, and by the replay, which follows the events.
interface State {
    function keyOf(address patient) external view returns (bool known, bytes32 publicKeyHash);

    function providerOf(address account) external view returns (Provider memory);

    function consentOf(address patient, address accessor) external view returns (Consent memory);

    function isRestricted(RecordId recordId, address accessor) external view returns (bool);

    function recordOf(RecordId recordId) external view returns (RecordState memory);
}
