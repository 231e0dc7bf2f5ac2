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
        (address whose, uint8 where, RecordStatus status) = records.placeOf(recordId);
        vm.assertEq(record.patient, patient, "patient");
        vm.assertEq(uint256(record.compartment), uint256(compartment), "compartment");
        vm.assertEq(uint256(record.status), uint256(RecordStatus.Active), "status");
        vm.assertEq(records.authorOf(recordId), patient, "author");
        vm.assertEq(records.envelopeOf(recordId), RecordId.unwrap(recordId), "envelope");
        vm.assertEq(whose, patient, "place's patient");
        vm.assertEq(uint256(where), uint256(compartment), "place's compartment");
        vm.assertEq(uint256(status), uint256(RecordStatus.Active), "place's status");
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

    // submitRecord, acceptRecord, rejectRecord

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
        vm.prank(patient);
        records.acceptRecord(RECORD, compartment);

        _assertStatus(RECORD, RecordStatus.Active);
        vm.assertEq(uint256(records.recordOf(RECORD).compartment), uint256(compartment), "compartment");
        vm.assertEq(records.authorOf(RECORD), lab, "author");
    }

    function test_Accept_RevertsIf_CompartmentIsBeyondTheLast() public {
        _submit(RECORD);

        vm.expectRevert(abi.encodeWithSelector(IRecordIndex.CompartmentInvalid.selector, uint8(64)));
        vm.prank(patient);
        records.acceptRecord(RECORD, 64);
    }

    function test_Reject_EndsTheRecordForGood() public {
        _submit(RECORD);

        vm.expectEmit(address(records));
        emit IRecordIndex.RecordRejected(RECORD, patient);
        vm.prank(patient);
        records.rejectRecord(RECORD);
        _assertStatus(RECORD, RecordStatus.Rejected);

        _expectNotInStatus(RECORD, RecordStatus.Rejected, RecordStatus.Pending);
        vm.prank(patient);
        records.acceptRecord(RECORD, COMPARTMENT);
    }

    /// @dev Who is not the patient gets the same answer to every call, whatever the record's state.
    function testFuzz_OwnCalls_RevertIf_NotTheCallersRecord(address caller, bool pending) public {
        vm.assume(caller != patient);
        if (pending) _submit(RECORD);
        else _addRecord(RECORD, patient, COMPARTMENT);

        bytes[4] memory calls = [
            abi.encodeCall(records.acceptRecord, (RECORD, COMPARTMENT)),
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
        vm.prank(patient);
        records.acceptRecord(RECORD, COMPARTMENT);
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

        vm.prank(patient);
        records.acceptRecord(NEWER, COMPARTMENT);
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
        (address whose, uint8 compartment, RecordStatus status) = records.placeOf(recordId);
        vm.assertEq(keccak256(abi.encode(records.recordOf(recordId))), keccak256(abi.encode(none)), "record");
        vm.assertEq(records.authorOf(recordId), address(0), "author");
        vm.assertEq(records.envelopeOf(recordId), bytes32(0), "envelope");
        vm.assertEq(whose, address(0), "place's patient");
        vm.assertEq(uint256(compartment), 0, "place's compartment");
        vm.assertEq(uint256(status), uint256(RecordStatus.None), "place's status");
    }

    // Helpers

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
