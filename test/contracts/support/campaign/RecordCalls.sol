// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RecordId, RecordStatus} from "../../../../contracts/types/Types.sol";
import {Calls} from "./Calls.sol";
import {RecordState} from "./State.sol";

/// @notice Random calls on the index of records.
abstract contract RecordCalls is Calls {
    function addRecord(uint256 who, uint256 whose, uint256 which, uint256 where) external {
        (address owner, RecordId recordId, uint8 compartment) = (_patient(whose), _newId(which), _compartment(where));
        address caller = who % 2 == 0 ? owner : _actor(who / 2);
        bytes memory call = abi.encodeCall(_at.records.addRecord, (recordId, owner, compartment));
        if (_onRecords(caller, call)) _added(caller, recordId, owner, compartment);
    }

    function addRecords(uint256 who, uint256 whose, uint256 which, uint256 where) external {
        address owner = _patient(whose);
        address caller = who % 2 == 0 ? owner : _actor(who / 2);
        RecordId[] memory ids = _ids(_newId(which), _newId(which / 8), which % 3 == 0);
        uint8[] memory compartments = _compartments(where, ids.length);
        if (!_onRecords(caller, abi.encodeCall(_at.records.addRecords, (ids, owner, compartments)))) return;

        for (uint256 i = 0; i < ids.length; ++i) {
            _added(caller, ids[i], owner, compartments[i]);
        }
    }

    function submitRecord(uint256 who, uint256 whose, uint256 which) external {
        (address caller, address owner, RecordId recordId) = (_actor(who), _patient(whose), _newId(which));
        if (!_onRecords(caller, abi.encodeCall(_at.records.submitRecord, (recordId, owner)))) return;

        _must(_counts(caller) && _isPatient[owner], "submitRecord");
        _created(recordId, owner, caller, 0, RecordStatus.Pending);
    }

    function acceptRecords(uint256 who, uint256 which, uint256 where) external {
        RecordId[] memory ids = _ids(_recordIn(RecordStatus.Pending, which), recordAt(which / 8), which % 8 == 0);
        uint8[] memory compartments = _compartments(where, ids.length);
        address caller = _ownerOr(who, ids[0]);
        if (!_onRecords(caller, abi.encodeCall(_at.records.acceptRecords, (ids, compartments)))) return;

        for (uint256 i = 0; i < ids.length; ++i) {
            _must(compartments[i] < 64, "acceptRecords: compartment");
            RecordState storage record = _mustOwn(caller, ids[i], RecordStatus.Pending, "acceptRecords");
            (record.status, record.compartment) = (RecordStatus.Active, compartments[i]);
        }
    }

    function rejectRecord(uint256 who, uint256 which) external {
        RecordId recordId = _recordIn(RecordStatus.Pending, which);
        address caller = _ownerOr(who, recordId);
        if (!_onRecords(caller, abi.encodeCall(_at.records.rejectRecord, (recordId)))) return;

        _mustOwn(caller, recordId, RecordStatus.Pending, "rejectRecord").status = RecordStatus.Rejected;
        _end(RecordId.unwrap(recordId));
        _agreeOnRecord(recordId);
    }

    function supersedeRecord(uint256 who, uint256 which, uint256 whichBefore) external {
        RecordId recordId = _recordIn(RecordStatus.Active, which);
        RecordId previous = _recordIn(RecordStatus.Active, whichBefore);
        address caller = who % 4 == 1 ? _record[recordId].author : _ownerOr(who, recordId);
        if (!_onRecords(caller, abi.encodeCall(_at.records.supersedeRecord, (recordId, previous)))) return;

        RecordState storage newer = _record[recordId];
        RecordState storage older = _record[previous];
        bool byAuthor = newer.author == caller && older.author == caller && _counts(caller);
        _must(_owns(caller, previous) || byAuthor, "supersedeRecord");
        _must(newer.status == RecordStatus.Active && older.status == RecordStatus.Active, "supersedeRecord: status");
        _must(older.patient == newer.patient && _isNone(older.next), "supersedeRecord: versions");
        _must(_isNone(newer.next) && _isNone(newer.previous), "supersedeRecord: a line");
        (older.next, newer.previous) = (recordId, previous);
    }

    function rewrapRecord(uint256 who, uint256 which, uint256 envelope) external {
        (RecordId recordId, bytes32 digest) = (_recordIn(RecordStatus.Active, which), bytes32(envelope % 64));
        address caller = _ownerOr(who, recordId);
        if (!_onRecords(caller, abi.encodeCall(_at.records.rewrapRecord, (recordId, digest)))) return;

        _must(digest != 0, "rewrapRecord: envelope");
        _mustOwn(caller, recordId, RecordStatus.Active, "rewrapRecord").envelope = digest;
    }

    function moveRecord(uint256 who, uint256 which, uint256 where) external {
        (RecordId recordId, uint8 compartment) = (_recordIn(RecordStatus.Active, which), _compartment(where));
        address caller = _ownerOr(who, recordId);
        if (!_onRecords(caller, abi.encodeCall(_at.records.moveRecord, (recordId, compartment)))) return;

        _must(compartment < 64, "moveRecord: compartment");
        _mustOwn(caller, recordId, RecordStatus.Active, "moveRecord").compartment = compartment;
        _end(RecordId.unwrap(recordId));
        _agreeOnRecord(recordId);
    }

    function retireRecord(uint256 who, uint256 which) external {
        // Rarely, or nothing would be left to open.
        if (which % 4 != 0) return;
        RecordId recordId = _recordIn(RecordStatus.Active, which / 4);
        address caller = _ownerOr(who, recordId);
        if (!_onRecords(caller, abi.encodeCall(_at.records.retireRecord, (recordId)))) return;

        _mustOwn(caller, recordId, RecordStatus.Active, "retireRecord").status = RecordStatus.Retired;
        _end(RecordId.unwrap(recordId));
        _agreeOnRecord(recordId);
    }

    /// @notice What the contracts alone may ask of each other goes through for nobody else.
    function callWhatOnlyContractsMay(uint256 who, uint256 whom, uint256 which) external {
        bool stands = who % 2 == 0;
        bytes memory note = abi.encodeCall(_at.records.noteRestriction, (recordAt(which), stands));
        bytes memory suspend = abi.encodeCall(_at.participants.suspendForStrikes, (_actor(whom)));
        _must(!_onRecords(_actor(who), note), "noteRestriction");
        _must(!_onParticipants(_actor(who), suspend), "suspendForStrikes");
    }

    function _added(address caller, RecordId recordId, address owner, uint8 compartment) private {
        _must(compartment < 64 && _mayWrite(caller, owner, compartment), "addRecord");
        _created(recordId, owner, caller, compartment, RecordStatus.Active);
    }

    function _created(RecordId recordId, address owner, address author, uint8 compartment, RecordStatus status)
        private
    {
        _must(_record[recordId].status == RecordStatus.None, "a record was made twice");
        RecordId none;
        _record[recordId] = RecordState(status, owner, author, compartment, none, none, RecordId.unwrap(recordId));
    }

    function _mustOwn(address caller, RecordId recordId, RecordStatus needed, string memory name)
        private
        returns (RecordState storage record)
    {
        record = _record[recordId];
        _must(_owns(caller, recordId) && record.status == needed, name);
    }

    /// @dev Mostly a record that stands so.
    function _recordIn(RecordStatus status, uint256 seed) private view returns (RecordId) {
        for (uint256 i = 0; seed % 8 != 0 && i < PLACES; ++i) {
            if (_record[recordAt(seed / 8 + i)].status == status) return recordAt(seed / 8 + i);
        }
        return recordAt(seed / 8);
    }

    function _compartments(uint256 seed, uint256 size) private pure returns (uint8[] memory compartments) {
        compartments = new uint8[](size);
        for (uint256 i = 0; i < size; ++i) {
            compartments[i] = _compartment(seed >> (8 * i));
        }
    }

    function _isNone(RecordId recordId) private pure returns (bool) {
        return RecordId.unwrap(recordId) == 0;
    }
}
