// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRecordIndex} from "../../contracts/interfaces/IRecordIndex.sol";
import {Record, RecordId, RecordStatus} from "../../contracts/types/Types.sol";
import {World} from "./support/World.sol";

contract RecordIndexTest is World {
    uint8 private constant COMPARTMENT = 3;
    RecordId private constant NEWER = RecordId.wrap(keccak256("newer"));

    function setUp() public override {
        super.setUp();
        _enrolAll();
    }

    // addRecord

    function testFuzz_Add_ByThePatientCountsAtOnce(RecordId recordId, uint8 compartment) public {
        vm.assume(RecordId.unwrap(recordId) != 0);
        compartment = uint8(_bound(compartment, 0, 63));

        vm.expectEmit(address(records));
        emit IRecordIndex.RecordAdded(recordId, patient, patient, compartment);
        _addRecord(recordId, patient, compartment);

        Record memory record = records.recordOf(recordId);
        vm.assertEq(record.patient, patient, "patient");
        vm.assertEq(uint256(record.compartment), uint256(compartment), "compartment");
        vm.assertEq(uint256(record.status), uint256(RecordStatus.Active), "status");
        vm.assertEq(records.authorOf(recordId), patient, "author");
        vm.assertEq(records.envelopeOf(recordId), RecordId.unwrap(recordId), "envelope");
        vm.assertEq(uint256(records.slotOfRecord(recordId).changedAt()), 0, "changedAt");
        vm.assertEq(uint256(records.slotOfRecord(recordId).restrictions()), 0, "restrictions");
    }

    function test_Add_ByAProviderWhoMayWriteNamesItAsAuthor() public {
        _grant(patient, lab, _writingConsent());

        vm.expectEmit(address(records));
        emit IRecordIndex.RecordAdded(RECORD, patient, lab, COMPARTMENT);
        vm.prank(lab);
        records.addRecord(RECORD, patient, COMPARTMENT);

        vm.assertEq(records.authorOf(RECORD), lab, "author");
        vm.assertEq(records.recordOf(RECORD).patient, patient, "patient");
    }

    function test_Add_RevertsIf_ConsentDoesNotSayMayWrite() public {
        _grant(patient, lab, _consent());

        _expectNotPermitted(lab, patient, COMPARTMENT);
        vm.prank(lab);
        records.addRecord(RECORD, patient, COMPARTMENT);
    }

    function test_Add_RevertsIf_CompartmentIsNotConsented() public {
        _grant(patient, lab, _writingConsent());

        _expectNotPermitted(lab, patient, 8);
        vm.prank(lab);
        records.addRecord(RECORD, patient, 8);
    }

    function testFuzz_Add_RevertsIf_CallerIsNeitherPatientNorWriter(address caller, address owner) public {
        vm.assume(caller != owner || (caller != patient && caller != otherPatient));

        _expectNotPermitted(caller, owner, COMPARTMENT);
        vm.prank(caller);
        records.addRecord(RECORD, owner, COMPARTMENT);
    }

    /// @dev The zero address is nobody's patient, though `patientOf` answers zero for strangers.
    function test_Add_RevertsIf_AStrangerNamesTheZeroAddress() public {
        _expectNotPermitted(outsider, address(0), COMPARTMENT);
        vm.prank(outsider);
        records.addRecord(RECORD, address(0), COMPARTMENT);
    }

    function testFuzz_Add_RevertsIf_CompartmentIsBeyondTheLast(uint8 compartment) public {
        compartment = uint8(_bound(compartment, 64, 255));

        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.CompartmentInvalid.selector, compartment));
        vm.prank(patient);
        records.addRecord(RECORD, patient, compartment);
    }

    function test_Add_RevertsIf_RecordIdIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.RecordIdMissing.selector));
        vm.prank(patient);
        records.addRecord(RecordId.wrap(0), patient, COMPARTMENT);
    }

    function test_Add_RevertsIf_RecordExistsEvenRetiredOrRejected() public {
        _addRecord(RECORD, patient, COMPARTMENT);
        _expectExists(RECORD);
        vm.prank(otherPatient);
        records.addRecord(RECORD, otherPatient, COMPARTMENT);

        vm.prank(patient);
        records.retireRecord(RECORD);
        _expectExists(RECORD);
        vm.prank(patient);
        records.addRecord(RECORD, patient, COMPARTMENT);

        _submit(OTHER_RECORD);
        vm.prank(patient);
        records.rejectRecord(OTHER_RECORD);
        _expectExists(OTHER_RECORD);
        vm.prank(lab);
        records.submitRecord(OTHER_RECORD, patient);
    }

    // addRecords

    function testFuzz_AddMany_AddsEachWhereItShallLie(uint8 size, uint8 compartment) public {
        (RecordId[] memory ids, uint8[] memory compartments) = _many(_bound(size, 1, 100), compartment);

        vm.prank(patient);
        records.addRecords(ids, patient, compartments);

        for (uint256 i = 0; i < ids.length; ++i) {
            vm.assertEq(uint256(records.recordOf(ids[i]).compartment), uint256(compartments[i]), "compartment");
            vm.assertEq(records.authorOf(ids[i]), patient, "author");
            _assertStatus(ids[i], RecordStatus.Active);
        }
    }

    function test_AddMany_ByAProviderWhoMayWrite() public {
        _grant(patient, lab, _writingConsent());
        (RecordId[] memory ids, uint8[] memory compartments) = _many(3, 3);
        vm.prank(lab);
        records.addRecords(ids, patient, compartments);
        vm.assertEq(records.authorOf(ids[2]), lab, "author");

        (ids, compartments) = (_ids(4, 5), new uint8[](2));
        compartments[1] = 8;
        _expectNotPermitted(lab, patient, 8);
        vm.prank(lab);
        records.addRecords(ids, patient, compartments);
        _assertStatus(ids[0], RecordStatus.None);
    }

    function test_AddMany_RevertsIf_OneIsInvalid() public {
        (RecordId[] memory ids, uint8[] memory compartments) = _many(2, 3);
        compartments[1] = 64;
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.CompartmentInvalid.selector, uint8(64)));
        vm.prank(patient);
        records.addRecords(ids, patient, compartments);

        (compartments[1], ids[1]) = (3, ids[0]);
        _expectExists(ids[0]);
        vm.prank(patient);
        records.addRecords(ids, patient, compartments);

        ids[1] = RecordId.wrap(0);
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.RecordIdMissing.selector));
        vm.prank(patient);
        records.addRecords(ids, patient, compartments);
    }

    function test_Many_RevertIf_BatchIsEmptyOrUneven() public {
        uint256 max = records.MAX_BATCH();
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.BatchSizeInvalid.selector, uint256(0), max));
        vm.prank(patient);
        records.addRecords(new RecordId[](0), patient, new uint8[](0));
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.BatchSizeInvalid.selector, uint256(2), max));
        vm.prank(patient);
        records.addRecords(_ids(1, 2), patient, new uint8[](1));
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.BatchSizeInvalid.selector, uint256(2), max));
        vm.prank(patient);
        records.acceptRecords(_ids(1, 2), new uint8[](3));
    }

    function test_AcceptMany_AcceptsAllOrNone() public {
        _submit(RECORD);
        _submit(OTHER_RECORD);
        RecordId[] memory ids = new RecordId[](2);
        (ids[0], ids[1]) = (RECORD, UNKNOWN_RECORD);
        uint8[] memory compartments = new uint8[](2);
        (compartments[0], compartments[1]) = (3, 4);
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.NotYourRecord.selector, UNKNOWN_RECORD));
        vm.prank(patient);
        records.acceptRecords(ids, compartments);
        _assertStatus(RECORD, RecordStatus.Pending);

        ids[1] = OTHER_RECORD;
        vm.prank(patient);
        records.acceptRecords(ids, compartments);
        vm.assertEq(uint256(records.recordOf(RECORD).compartment), 3, "first");
        vm.assertEq(uint256(records.recordOf(OTHER_RECORD).compartment), 4, "second");
    }

    // moveRecord

    function testFuzz_Move_PutsTheRecordElsewhereAndChangesNothingElse(uint8 compartment) public {
        compartment = uint8(_bound(compartment, 0, 63));
        _addRecord(RECORD, patient, COMPARTMENT);
        vm.warp(START + 1);

        vm.expectEmit(address(records));
        emit IRecordIndex.RecordMoved(RECORD, patient, compartment);
        vm.prank(patient);
        records.moveRecord(RECORD, compartment);

        Record memory record = records.recordOf(RECORD);
        vm.assertEq(uint256(record.compartment), uint256(compartment), "compartment");
        vm.assertEq(record.patient, patient, "patient");
        vm.assertEq(record.authoredByPatient, true, "author");
        vm.assertEq(uint256(records.slotOfRecord(RECORD).changedAt()), START + 1, "changedAt");
        _assertStatus(RECORD, RecordStatus.Active);
    }

    function test_Move_RevertsIf_CompartmentIsBeyondTheLastOrNotActive() public {
        _addRecord(RECORD, patient, COMPARTMENT);
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.CompartmentInvalid.selector, uint8(64)));
        vm.prank(patient);
        records.moveRecord(RECORD, 64);

        _submit(OTHER_RECORD);
        _expectNotInStatus(OTHER_RECORD, RecordStatus.Pending, RecordStatus.Active);
        vm.prank(patient);
        records.moveRecord(OTHER_RECORD, 3);
    }

    // submitRecord, acceptRecords, rejectRecord

    function test_Submit_WaitsForThePatient() public {
        vm.expectEmit(address(records));
        emit IRecordIndex.RecordSubmitted(RECORD, patient, lab);
        _submit(RECORD);

        _assertStatus(RECORD, RecordStatus.Pending);
        vm.assertEq(records.authorOf(RECORD), lab, "author");
    }

    function testFuzz_Submit_RevertsIf_CallerIsNotVerified(address caller) public {
        vm.assume(caller != lab && caller != clinician);

        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.NotVerified.selector, caller));
        vm.prank(caller);
        records.submitRecord(RECORD, patient);
    }

    function testFuzz_Submit_RevertsIf_PatientIsUnknown(address nobody) public {
        vm.assume(nobody != patient && nobody != otherPatient);

        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.PatientUnknown.selector, nobody));
        vm.prank(lab);
        records.submitRecord(RECORD, nobody);
    }

    function test_Submit_RevertsIf_RecordIdIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.RecordIdMissing.selector));
        vm.prank(lab);
        records.submitRecord(RecordId.wrap(0), patient);
    }

    function testFuzz_Accept_PutsTheRecordWhereThePatientSays(uint8 compartment) public {
        compartment = uint8(_bound(compartment, 0, 63));
        _submit(RECORD);

        vm.expectEmit(address(records));
        emit IRecordIndex.RecordAccepted(RECORD, patient, compartment);
        _accept(RECORD, compartment);

        _assertStatus(RECORD, RecordStatus.Active);
        vm.assertEq(uint256(records.recordOf(RECORD).compartment), uint256(compartment), "compartment");
        vm.assertEq(records.authorOf(RECORD), lab, "author");
    }

    function test_Accept_RevertsIf_CompartmentIsBeyondTheLast() public {
        _submit(RECORD);

        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.CompartmentInvalid.selector, uint8(64)));
        _accept(RECORD, 64);
    }

    function test_Reject_EndsTheRecordForGood() public {
        _submit(RECORD);

        vm.expectEmit(address(records));
        emit IRecordIndex.RecordRejected(RECORD, patient);
        vm.prank(patient);
        records.rejectRecord(RECORD);
        _assertStatus(RECORD, RecordStatus.Rejected);

        _expectNotInStatus(RECORD, RecordStatus.Rejected, RecordStatus.Pending);
        _accept(RECORD, COMPARTMENT);
    }

    /// @dev Who is not the patient gets the same answer to every call, whatever the record's state.
    function testFuzz_OwnCalls_RevertIf_NotTheCallersRecord(address caller, bool pending) public {
        vm.assume(caller != patient);
        if (pending) _submit(RECORD);
        else _addRecord(RECORD, patient, COMPARTMENT);

        bytes[5] memory calls = [
            abi.encodeCall(records.acceptRecords, (_one(RECORD), _oneNumber(COMPARTMENT))),
            abi.encodeCall(records.moveRecord, (RECORD, COMPARTMENT)),
            abi.encodeCall(records.rejectRecord, (RECORD)),
            abi.encodeCall(records.retireRecord, (RECORD)),
            abi.encodeCall(records.rewrapRecord, (RECORD, KEY_HASH))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(caller);
            (bool done, bytes memory answer) = address(records).call(calls[i]);
            vm.assertEq(done, false, "went through");
            vm.assertEq(
                keccak256(answer),
                keccak256(abi.encodeWithSelector(IRecordIndex.NotYourRecord.selector, RECORD)),
                "reason"
            );
        }
    }

    function test_OwnCalls_RevertIf_RecordIsUnknown() public {
        // `patientOf` answers zero for strangers, and so does the index for unknown records: no match all the same.
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.NotYourRecord.selector, UNKNOWN_RECORD));
        vm.prank(outsider);
        records.retireRecord(UNKNOWN_RECORD);
    }

    function test_OwnCalls_RevertIf_RecordIsNotInStatus() public {
        _addRecord(RECORD, patient, COMPARTMENT);
        _expectNotInStatus(RECORD, RecordStatus.Active, RecordStatus.Pending);
        _accept(RECORD, COMPARTMENT);
        _expectNotInStatus(RECORD, RecordStatus.Active, RecordStatus.Pending);
        vm.prank(patient);
        records.rejectRecord(RECORD);

        _submit(OTHER_RECORD);
        _expectNotInStatus(OTHER_RECORD, RecordStatus.Pending, RecordStatus.Active);
        vm.prank(patient);
        records.retireRecord(OTHER_RECORD);
        _expectNotInStatus(OTHER_RECORD, RecordStatus.Pending, RecordStatus.Active);
        vm.prank(patient);
        records.rewrapRecord(OTHER_RECORD, KEY_HASH);
    }

    // supersedeRecord

    function test_Supersede_ByThePatientMarksTheOlderVersion() public {
        _addRecord(RECORD, patient, COMPARTMENT);
        _addRecord(NEWER, patient, COMPARTMENT);

        vm.expectEmit(address(records));
        emit IRecordIndex.RecordSuperseded(NEWER, RECORD, patient);
        vm.prank(patient);
        records.supersedeRecord(NEWER, RECORD);

        vm.assertEq(records.recordOf(RECORD).superseded, true, "older");
        vm.assertEq(records.recordOf(NEWER).superseded, false, "newer");
        vm.assertEq(records.recordOf(NEWER).supersedes, true, "newer supersedes");
        vm.assertEq(records.recordOf(RECORD).supersedes, false, "older supersedes");
        (RecordId previous, RecordId next) = records.versionsOf(NEWER);
        vm.assertEq(RecordId.unwrap(previous), RecordId.unwrap(RECORD), "previous of the newer");
        vm.assertEq(RecordId.unwrap(next), bytes32(0), "next of the newer");
        (previous, next) = records.versionsOf(RECORD);
        vm.assertEq(RecordId.unwrap(previous), bytes32(0), "previous of the older");
        vm.assertEq(RecordId.unwrap(next), RecordId.unwrap(NEWER), "next of the older");
        _assertStatus(RECORD, RecordStatus.Active);
    }

    function test_Supersede_ByTheAuthorOfBoth() public {
        _addTwoByLab();

        vm.prank(lab);
        records.supersedeRecord(NEWER, RECORD);

        vm.assertEq(records.recordOf(RECORD).superseded, true, "older");
    }

    function test_Supersede_RevertsIf_TheAuthorCountsNoMore() public {
        _addTwoByLab();
        vm.prank(manager);
        participants.suspendProvider(lab);

        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.NotVerified.selector, lab));
        vm.prank(lab);
        records.supersedeRecord(NEWER, RECORD);
    }

    function test_Supersede_RevertsIf_CallerWroteOnlyOneOfThem() public {
        _addRecord(RECORD, patient, COMPARTMENT);
        _grant(patient, lab, _writingConsent());
        vm.prank(lab);
        records.addRecord(NEWER, patient, COMPARTMENT);

        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.NotYourRecord.selector, RECORD));
        vm.prank(lab);
        records.supersedeRecord(NEWER, RECORD);
    }

    function testFuzz_Supersede_RevertsIf_CallerIsNeitherPatientNorAuthor(address caller) public {
        vm.assume(caller != patient && caller != lab);
        _addTwoByLab();

        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.NotYourRecord.selector, RECORD));
        vm.prank(caller);
        records.supersedeRecord(NEWER, RECORD);
    }

    function test_Supersede_RevertsIf_RecordsAreOfTwoPatients() public {
        _addRecord(RECORD, patient, COMPARTMENT);
        _addRecord(OTHER_RECORD, otherPatient, COMPARTMENT);

        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.NotYourRecord.selector, OTHER_RECORD));
        vm.prank(patient);
        records.supersedeRecord(OTHER_RECORD, RECORD);
    }

    function test_Supersede_RevertsIf_BothAreUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.NotYourRecord.selector, RECORD));
        vm.prank(outsider);
        records.supersedeRecord(NEWER, RECORD);
    }

    function test_Supersede_RevertsIf_EitherIsNotActive() public {
        _addRecord(RECORD, patient, COMPARTMENT);
        _submit(NEWER);

        _expectNotInStatus(NEWER, RecordStatus.Pending, RecordStatus.Active);
        vm.prank(patient);
        records.supersedeRecord(NEWER, RECORD);

        _accept(NEWER, COMPARTMENT);
        vm.prank(patient);
        records.retireRecord(RECORD);
        _expectNotInStatus(RECORD, RecordStatus.Retired, RecordStatus.Active);
        vm.prank(patient);
        records.supersedeRecord(NEWER, RECORD);
    }

    function test_Supersede_RevertsIf_SupersededAlreadyOrByItself() public {
        _addRecord(RECORD, patient, COMPARTMENT);
        _addRecord(NEWER, patient, COMPARTMENT);

        _expectAlreadySuperseded(RECORD);
        vm.prank(patient);
        records.supersedeRecord(RECORD, RECORD);

        vm.prank(patient);
        records.supersedeRecord(NEWER, RECORD);
        _expectAlreadySuperseded(RECORD);
        vm.prank(patient);
        records.supersedeRecord(NEWER, RECORD);
    }

    /// @dev Two records that supersede each other would leave no current version to show.
    function test_Supersede_RevertsIf_VersionsWouldRunInACircle() public {
        _addRecord(RECORD, patient, COMPARTMENT);
        _addRecord(NEWER, patient, COMPARTMENT);
        _addRecord(OTHER_RECORD, patient, COMPARTMENT);
        vm.prank(patient);
        records.supersedeRecord(NEWER, RECORD);
        vm.prank(patient);
        records.supersedeRecord(OTHER_RECORD, NEWER);

        _expectAlreadySuperseded(RECORD);
        vm.prank(patient);
        records.supersedeRecord(RECORD, OTHER_RECORD);
    }

    /// @dev One record that is the newer version of two would join two lines.
    function test_Supersede_RevertsIf_TwoLinesWouldJoin() public {
        _addRecord(RECORD, patient, COMPARTMENT);
        _addRecord(NEWER, patient, COMPARTMENT);
        _addRecord(OTHER_RECORD, patient, COMPARTMENT);
        vm.prank(patient);
        records.supersedeRecord(NEWER, RECORD);

        _expectAlreadySuperseded(NEWER);
        vm.prank(patient);
        records.supersedeRecord(NEWER, OTHER_RECORD);
    }

    // rewrapRecord

    function testFuzz_Rewrap_ChangesTheEnvelopeAndNothingElse(bytes32 first, bytes32 second) public {
        vm.assume(first != 0 && second != 0);
        _addRecord(RECORD, patient, COMPARTMENT);

        vm.expectEmit(address(records));
        emit IRecordIndex.RecordRewrapped(RECORD, patient, first);
        _rewrap(first);
        vm.assertEq(records.envelopeOf(RECORD), first, "first");
        _rewrap(second);
        vm.assertEq(records.envelopeOf(RECORD), second, "second");

        vm.assertEq(records.authorOf(RECORD), patient, "author");
        vm.assertEq(records.recordOf(RECORD).rewrapped, true, "rewrapped");
        _assertStatus(RECORD, RecordStatus.Active);
    }

    function test_Rewrap_RevertsIf_DigestIsZero() public {
        _addRecord(RECORD, patient, COMPARTMENT);

        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.RecordIdMissing.selector));
        _rewrap(0);
    }

    // retireRecord

    function test_Retire_CannotBeUndone() public {
        _addRecord(RECORD, patient, COMPARTMENT);

        vm.expectEmit(address(records));
        emit IRecordIndex.RecordRetired(RECORD, patient);
        vm.prank(patient);
        records.retireRecord(RECORD);
        _assertStatus(RECORD, RecordStatus.Retired);

        _expectNotInStatus(RECORD, RecordStatus.Retired, RecordStatus.Active);
        vm.prank(patient);
        records.retireRecord(RECORD);
        _expectNotInStatus(RECORD, RecordStatus.Retired, RecordStatus.Active);
        _rewrap(KEY_HASH);
    }

    // Views of nothing

    function testFuzz_Views_AreZeroForAnUnknownRecord(RecordId recordId) public view {
        Record memory none;
        (RecordId previous, RecordId next) = records.versionsOf(recordId);
        vm.assertEq(keccak256(abi.encode(records.recordOf(recordId))), keccak256(abi.encode(none)), "record");
        vm.assertEq(records.authorOf(recordId), address(0), "author");
        vm.assertEq(records.envelopeOf(recordId), bytes32(0), "envelope");
        vm.assertEq(RecordId.unwrap(previous), bytes32(0), "previous");
        vm.assertEq(RecordId.unwrap(next), bytes32(0), "next");
    }

    // Helpers

    function _many(uint256 size, uint8 compartment)
        private
        pure
        returns (RecordId[] memory ids, uint8[] memory compartments)
    {
        (ids, compartments) = (new RecordId[](size), new uint8[](size));
        for (uint256 i = 0; i < size; ++i) {
            ids[i] = RecordId.wrap(keccak256(abi.encode(i)));
            compartments[i] = uint8((compartment + i) % 8);
        }
    }

    function _ids(uint256 first, uint256 second) private pure returns (RecordId[] memory ids) {
        ids = new RecordId[](2);
        (ids[0], ids[1]) = (RecordId.wrap(keccak256(abi.encode(first))), RecordId.wrap(keccak256(abi.encode(second))));
    }

    function _submit(RecordId recordId) private {
        vm.prank(lab);
        records.submitRecord(recordId, patient);
    }

    function _rewrap(bytes32 envelopeDigest) private {
        vm.prank(patient);
        records.rewrapRecord(RECORD, envelopeDigest);
    }

    function _addTwoByLab() private {
        _grant(patient, lab, _writingConsent());
        vm.prank(lab);
        records.addRecord(RECORD, patient, COMPARTMENT);
        vm.prank(lab);
        records.addRecord(NEWER, patient, COMPARTMENT);
    }

    function _expectNotPermitted(address caller, address owner, uint8 compartment) private {
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.NotPermittedToWrite.selector, caller, owner, compartment));
    }

    function _expectExists(RecordId recordId) private {
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.RecordExists.selector, recordId));
    }

    function _expectNotInStatus(RecordId recordId, RecordStatus actual, RecordStatus needed) private {
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.RecordNotInStatus.selector, recordId, actual, needed));
    }

    function _expectAlreadySuperseded(RecordId recordId) private {
        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.AlreadySuperseded.selector, recordId));
    }
}
