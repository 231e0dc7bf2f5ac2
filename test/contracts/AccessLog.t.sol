// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessLog} from "../../contracts/interfaces/IAccessLog.sol";
import {IKeeperView} from "../../contracts/interfaces/IKeeperView.sol";
import {Decision, Opening, Purpose, RecordId, Role} from "../../contracts/types/Types.sol";
import {World} from "./support/World.sol";

contract AccessLogTest is World {
    uint8 private constant COMPARTMENT = 3;
    Purpose private constant TREATMENT = Purpose.Treatment;

    function setUp() public override {
        super.setUp();
        _enrolAll();
        _addRecord(RECORD, patient, COMPARTMENT);
        _addRecord(OTHER_RECORD, otherPatient, COMPARTMENT);
        _grant(patient, clinician, _consent());
    }

    // Permitted

    function test_Open_LogsAndCommits() public {
        bytes28 head = _next(0, 1, RECORD, clinician, TREATMENT, Decision.Permit);

        vm.expectEmit(address(log));
        emit IAccessLog.RecordOpened(patient, clinician, RECORD, 1, TREATMENT, START, KEY_HASH, 0);
        vm.prank(clinician);
        uint256 permitted = log.openRecords(_one(RECORD), TREATMENT, KEY_HASH, 0);

        vm.assertEq(permitted, 1, "permitted");
        _assertHead(patient, head, 1);
        vm.assertEq(uint256(_freeAt(clinician, 0)), START + log.PLACE_HOLD(), "place");
        _assertStands(_opening(clinician, 0, TREATMENT, RECORD), true);
    }

    function test_Open_ByThePatientIsLoggedLikeAnyOther() public {
        vm.expectEmit(address(log));
        emit IAccessLog.RecordOpened(patient, patient, RECORD, 1, Purpose.PatientRequest, START, KEY_HASH, 0);
        Opening memory opening = _open(patient, RECORD, Purpose.PatientRequest);

        _assertStands(opening, true);
    }

    /// @dev An opening is bound to all of its parts: with any of them changed it does not stand.
    function test_P6_StandingOpening_IsBoundToEveryPart() public {
        Opening memory opening = _open(clinician, RECORD, TREATMENT);
        _assertStands(opening, true);

        opening.accessor = lab;
        _assertStands(opening, false);
        opening.accessor = clinician;
        opening.place = 1;
        _assertStands(opening, false);
        opening.place = 0;
        opening.purpose = Purpose.Research;
        _assertStands(opening, false);
        opening.purpose = TREATMENT;
        opening.openedAt += 1;
        _assertStands(opening, false);
        opening.openedAt -= 1;
        opening.keyHash = keccak256("another key");
        _assertStands(opening, false);
        opening.keyHash = KEY_HASH;
        opening.recordIds = _one(OTHER_RECORD);
        _assertStands(opening, false);
        opening.recordIds = new RecordId[](0);
        _assertStands(opening, false);
        opening.recordIds = _one(RECORD);
        _assertStands(opening, true);
    }

    /// @dev An opening stands until a later one takes its place, and none can for as long as keepers answer.
    function testFuzz_P6_StandingOpening_KeepsItsPlaceForAnHour(uint32 place, uint32 later) public {
        later = uint32(_bound(later, 0, 2 * log.PLACE_HOLD()));
        _openAt(clinician, place);
        Opening memory first = _opening(clinician, place, TREATMENT, RECORD);
        vm.warp(START + later);

        bool free = later >= log.PLACE_HOLD();
        if (!free) {
            vm.expectRevert(
                abi.encodeWithSelector(IAccessLog.PlaceTaken.selector, place, uint48(START + log.PLACE_HOLD()))
            );
        }
        _openAt(clinician, place);

        _assertStands(first, !free);
        if (free) _assertStands(_opening(clinician, place, TREATMENT, RECORD), true);
    }

    /// @dev The place is for what was permitted: an entry that was refused needs none and changes none.
    function test_P6_StandingOpening_IsNotTouchedByARefusalAtItsPlace() public {
        Opening memory opening = _open(clinician, RECORD, TREATMENT);

        vm.prank(clinician);
        log.openRecords(_one(OTHER_RECORD), TREATMENT, KEY_HASH, opening.place);

        _assertStands(opening, true);
        (, uint32 count) = log.headOf(otherPatient);
        vm.assertEq(uint256(count), 1, "the refusal's entry");
    }

    /// @dev A call that fails for its place leaves no entry either.
    function test_Open_RevertsIf_PlaceIsTaken_LeavesNoEntry() public {
        _openAt(clinician, 7);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessLog.PlaceTaken.selector, uint32(7), uint48(START + log.PLACE_HOLD()))
        );
        _openAt(clinician, 7);

        (, uint32 count) = log.headOf(patient);
        vm.assertEq(uint256(count), 1, "count");
    }

    function test_PlacesOf_TellsWhichAreFree() public {
        _openAt(clinician, 1);
        vm.warp(START + 5);
        _openAt(clinician, 3);

        uint48[] memory freeAt = log.placesOf(clinician, 1, 3);

        vm.assertEq(freeAt.length, 3, "length");
        vm.assertEq(uint256(freeAt[0]), START + log.PLACE_HOLD(), "place 1");
        vm.assertEq(uint256(freeAt[1]), 0, "place 2");
        vm.assertEq(uint256(freeAt[2]), START + 5 + log.PLACE_HOLD(), "place 3");
        vm.assertEq(uint256(_freeAt(lab, 1)), 0, "another accessor's");
    }

    function test_PlacesOf_RevertsIf_NoneOrTooManyAreAskedFor() public {
        uint32 max = uint32(log.MAX_BATCH());
        vm.expectRevert(abi.encodeWithSelector(IAccessLog.BatchSizeInvalid.selector, uint256(0), uint256(max)));
        log.placesOf(clinician, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IAccessLog.BatchSizeInvalid.selector, uint256(max) + 1, uint256(max)));
        log.placesOf(clinician, 0, max + 1);
        vm.assertEq(log.placesOf(clinician, type(uint32).max, max).length, uint256(max), "beyond the last place");
    }

    function test_StandingOpening_OfOneAccessorIsNotTouchedByAnother() public {
        _grant(patient, lab, _consent());
        Opening memory opening = _open(clinician, RECORD, TREATMENT);
        _openAt(lab, opening.place);

        _assertStands(opening, true);
    }

    // Refused

    function test_Open_LogsARefusalAndCommitsToNothing() public {
        bytes28 head = _next(0, 1, OTHER_RECORD, clinician, TREATMENT, Decision.ConsentMissing);

        vm.expectEmit(address(log));
        emit IAccessLog.OpenRefused(
            otherPatient, clinician, OTHER_RECORD, 1, TREATMENT, START, KEY_HASH, Decision.ConsentMissing
        );
        vm.prank(clinician);
        uint256 permitted = log.openRecords(_one(OTHER_RECORD), TREATMENT, KEY_HASH, 0);

        vm.assertEq(permitted, 0, "permitted");
        _assertHead(otherPatient, head, 1);
        vm.assertEq(uint256(_freeAt(clinician, 0)), 0, "place");
        _assertStands(_opening(clinician, 0, TREATMENT, OTHER_RECORD), false);
    }

    function test_Open_LogsUnknownRecordsOnTheHeadOfNobody() public {
        vm.expectEmit(address(log));
        emit IAccessLog.OpenRefused(
            address(0), clinician, UNKNOWN_RECORD, 1, TREATMENT, START, KEY_HASH, Decision.RecordUnknown
        );
        _open(clinician, UNKNOWN_RECORD, TREATMENT);

        (, uint32 count) = log.headOf(address(0));
        vm.assertEq(uint256(count), 1, "count");
    }

    function test_Open_AfterRevokeIsRefused() public {
        _assertStands(_open(clinician, RECORD, TREATMENT), true);
        vm.prank(patient);
        consents.revokeConsent(clinician);

        Opening memory refused = _open(clinician, RECORD, TREATMENT);

        _assertStands(refused, false);
        vm.assertEq(uint256(_freeAt(clinician, refused.place)), 0, "place");
        (, uint32 count) = log.headOf(patient);
        vm.assertEq(uint256(count), 2, "count");
    }

    // Batches

    function test_Open_CommitsToThePermittedOfABatchAlone() public {
        RecordId[] memory ids = new RecordId[](4);
        (ids[0], ids[1], ids[2], ids[3]) = (OTHER_RECORD, RECORD, UNKNOWN_RECORD, RECORD);

        vm.prank(clinician);
        uint256 permitted = log.openRecords(ids, TREATMENT, KEY_HASH, 0);

        Opening memory opening = _opening(clinician, 0, TREATMENT, RECORD);
        opening.recordIds = new RecordId[](2);
        (opening.recordIds[0], opening.recordIds[1]) = (RECORD, RECORD);
        vm.assertEq(permitted, 2, "permitted");
        _assertStands(opening, true);
        opening.recordIds = ids;
        _assertStands(opening, false);

        bytes28 head = _next(0, 1, RECORD, clinician, TREATMENT, Decision.Permit);
        _assertHead(patient, _next(head, 2, RECORD, clinician, TREATMENT, Decision.Permit), 2);
        _assertHead(otherPatient, _next(0, 1, OTHER_RECORD, clinician, TREATMENT, Decision.ConsentMissing), 1);
        _assertHead(address(0), _next(0, 1, UNKNOWN_RECORD, clinician, TREATMENT, Decision.RecordUnknown), 1);
    }

    function test_Open_TakesTheLargestBatch() public {
        RecordId[] memory ids = new RecordId[](log.MAX_BATCH());
        for (uint256 i = 0; i < ids.length; ++i) {
            ids[i] = RECORD;
        }

        vm.prank(clinician);
        vm.assertEq(log.openRecords(ids, TREATMENT, KEY_HASH, 0), ids.length, "permitted");
    }

    function test_Open_RevertsIf_BatchIsEmptyOrTooLarge() public {
        uint256 max = log.MAX_BATCH();
        vm.expectRevert(abi.encodeWithSelector(IAccessLog.BatchSizeInvalid.selector, uint256(0), max));
        vm.prank(clinician);
        log.openRecords(new RecordId[](0), TREATMENT, KEY_HASH, 0);

        vm.expectRevert(abi.encodeWithSelector(IAccessLog.BatchSizeInvalid.selector, max + 1, max));
        vm.prank(clinician);
        log.openRecords(new RecordId[](max + 1), TREATMENT, KEY_HASH, 0);
    }

    // Who may write to the log

    function test_Open_RevertsIf_KeyHashIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessLog.KeyHashMissing.selector));
        vm.prank(clinician);
        log.openRecords(_one(RECORD), TREATMENT, 0, 0);
    }

    function testFuzz_P8_Open_RevertsIf_CallerIsNoParticipant(address caller) public {
        vm.assume(caller != patient && caller != otherPatient && caller != clinician && caller != lab);

        _expectNotParticipant(caller);
        vm.prank(caller);
        log.openRecords(_one(RECORD), TREATMENT, KEY_HASH, 0);
    }

    function test_P8_Open_RevertsIf_ProviderCountsNoMoreOrNotYet() public {
        vm.prank(outsider);
        participants.registerProvider(_application(Role.Clinician));
        _expectNotParticipant(outsider);
        vm.prank(outsider);
        log.openRecords(_one(RECORD), TREATMENT, KEY_HASH, 0);

        vm.prank(manager);
        participants.suspendProvider(clinician);
        _expectNotParticipant(clinician);
        vm.prank(clinician);
        log.openRecords(_one(RECORD), TREATMENT, KEY_HASH, 0);

        vm.warp(START + 365 days);
        _expectNotParticipant(lab);
        vm.prank(lab);
        log.openRecords(_one(RECORD), TREATMENT, KEY_HASH, 0);
    }

    /// @dev A suspended provider who is a patient too still opens its own records, and nobody else's.
    function test_Open_OfASuspendedProviderOpensItsOwnRecordsAlone() public {
        _enrolPatient(clinician);
        RecordId own = RecordId.wrap(keccak256("own"));
        _addRecord(own, clinician, COMPARTMENT);
        vm.prank(manager);
        participants.suspendProvider(clinician);

        _assertStands(_open(clinician, own, TREATMENT), true);
        _expectNotParticipant(clinician);
        vm.prank(clinician);
        log.openRecords(_one(RECORD), TREATMENT, KEY_HASH, 0);
    }

    // KeeperView

    function test_P11_ReleaseState_TellsAllThatAKeeperNeeds() public {
        Opening memory opening = _open(clinician, RECORD, TREATMENT);
        vm.prank(patient);
        records.rewrapRecord(RECORD, keccak256("second envelope"));

        (bytes32 openingId, IKeeperView.RecordState[] memory states) = keeperView.releaseState(opening);

        vm.assertEq(openingId, log.openingIdOf(opening), "opening");
        vm.assertEq(states.length, 1, "states");
        vm.assertEq(uint256(states[0].decision), uint256(Decision.Permit), "decision");
        vm.assertEq(states[0].patient, patient, "patient");
        vm.assertEq(states[0].author, patient, "author");
        vm.assertEq(states[0].envelopeDigest, keccak256("second envelope"), "envelope");
    }

    function test_P2_ReleaseState_DeniesWhatWasRevokedAfterTheOpening() public {
        Opening memory opening = _open(clinician, RECORD, TREATMENT);
        vm.prank(patient);
        consents.revokeConsent(clinician);

        (bytes32 openingId, IKeeperView.RecordState[] memory states) = keeperView.releaseState(opening);

        vm.assertEq(openingId, log.openingIdOf(opening), "the opening itself stands");
        vm.assertEq(uint256(states[0].decision), uint256(Decision.ConsentMissing), "decision");
    }

    function test_P6_ReleaseState_TellsOfAnOpeningThatNeverWas() public view {
        (bytes32 openingId, IKeeperView.RecordState[] memory states) =
            keeperView.releaseState(_opening(clinician, 0, TREATMENT, UNKNOWN_RECORD));

        vm.assertEq(openingId, bytes32(0), "opening");
        vm.assertEq(uint256(states[0].decision), uint256(Decision.RecordUnknown), "decision");
        vm.assertEq(states[0].patient, address(0), "patient");
        vm.assertEq(states[0].author, address(0), "author");
        vm.assertEq(states[0].envelopeDigest, bytes32(0), "envelope");
    }

    // Helpers

    function _openAt(address accessor, uint32 place) private {
        vm.prank(accessor);
        log.openRecords(_one(RECORD), TREATMENT, KEY_HASH, place);
    }

    /// @dev The rolling hash as the interface documents it.
    function _next(
        bytes28 before,
        uint32 sequence,
        RecordId recordId,
        address accessor,
        Purpose purpose,
        Decision decision
    ) private view returns (bytes28) {
        return bytes28(
            keccak256(
                bytes.concat(
                    before,
                    bytes4(sequence),
                    RecordId.unwrap(recordId),
                    bytes20(accessor),
                    bytes1(uint8(purpose)),
                    bytes1(uint8(decision)),
                    bytes6(uint48(block.timestamp)),
                    KEY_HASH
                )
            )
        );
    }

    function _assertHead(address owner, bytes28 head, uint32 count) private view {
        (bytes28 actual, uint32 actualCount) = log.headOf(owner);
        vm.assertEq(bytes32(actual), bytes32(head), "head");
        vm.assertEq(uint256(actualCount), uint256(count), "count");
    }

    function _assertStands(Opening memory opening, bool expected) private view {
        bytes32 openingId = expected ? log.openingIdOf(opening) : bytes32(0);
        vm.assertEq(log.standingOpening(opening), openingId, "standing opening");
    }

    function _expectNotParticipant(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IAccessLog.NotParticipant.selector, caller));
    }
}
