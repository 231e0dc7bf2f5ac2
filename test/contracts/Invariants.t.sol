// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IKeeperView} from "../../contracts/interfaces/IKeeperView.sol";
import {Ruling} from "../../contracts/libraries/Ruling.sol";
import {Decision, Opening, Provider, Purpose, Record, RecordId, RecordStatus} from "../../contracts/types/Types.sol";
import {World} from "./support/World.sol";
import {Contracts} from "./support/campaign/Calls.sol";
import {Handler} from "./support/campaign/Handler.sol";
import {Replay} from "./support/campaign/Replay.sol";
import {RecordState, State} from "./support/campaign/State.sol";

/// @dev Here, so that the file can be run alone: what is called at random has to be among what it compiles.
contract Campaign is Handler {
    constructor(Contracts memory contracts_, address governor) Handler(contracts_, governor) {}
}

/// @notice The numbered properties of docs/properties.md, held against random calls of everybody on everything. After
/// each call they are asked of one actor and one record, in turn; after each run of all of them. What a call ended is
/// asked by the handler at once.
contract InvariantsTest is World {
    uint256 private constant PLACES = 8;

    Campaign private _campaign;
    Replay private _replay;
    address[] private _actors;

    // What went through, over several runs.
    mapping(bytes4 selector => uint256) private _through;
    mapping(string outcome => uint256) private _came;

    function setUp() public override {
        super.setUp();
        _campaign = new Campaign(Contracts(participants, consents, records, log, keepers, keeperView), governor);
        _replay = _campaign.replay();
        _actors = _campaign.actors();
        _grantRole(participants.managerRole(AREA), _campaign.manager());
        _begin();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_campaign);
    }

    // After each call

    /// @dev No Permit without being the patient or a standing, covering consent, and no denial with one; and whoever
    /// asks for many at once hears the same.
    function invariant_P1_P3_P11_P15_DecideSaysWhatTheModelSays() public view {
        _assertDecisions(_turn(_actors.length), Purpose(_campaign.triedInAll() % 3));
        _assertStrangers(_turn(PLACES));
    }

    /// @dev Nobody's call changed anything that it may not change, and the events tell all that it did.
    function invariant_P4_P5_P9_P10_StateIsWhatModelAndEventsSay() public view {
        _assertActor(_turn(_actors.length));
        _assertRecord(_turn(PLACES));
        _assertVersions(_turn(_actors.length));
    }

    function invariant_P2_P6_P7_P8_P12_P13_P14_OpeningsAreWhatTheyShouldBe() public view {
        _assertNoFault();
        _assertNewestOpening(_campaign.permitted(), true);
        _assertNewestOpening(_campaign.refused(), false);
        _assertEntries();
        _assertEpochs();
    }

    // After each run

    function afterInvariant() public view {
        _assertNoFault();
        for (uint256 a = 0; a < _actors.length; ++a) {
            for (uint256 p = 0; p < 3; ++p) {
                _assertDecisions(a, Purpose(p));
            }
            _assertActor(a);
            _assertVersions(a);
        }
        for (uint256 r = 0; r < PLACES; ++r) {
            _assertRecord(r);
            _assertStrangers(r);
        }
        _assertOpenings();
        _assertEntries();
        _assertEpochs();
        // A campaign that does nothing proves nothing.
        vm.assertEq(_campaign.doneInAll() * 4 > _campaign.triedInAll(), true, "most calls failed");
    }

    // That a campaign gets somewhere

    /// @dev The campaign's own calls, in runs that are made at random here, so that what went through can be counted
    /// beyond one run.
    function test_Campaign_EveryFunctionGoesThroughNowAndThen() public {
        for (uint256 run = 0; run < 32; ++run) {
            setUp();
            for (uint256 i = 0; i < 128; ++i) {
                _callAtRandom(128 * run + i);
            }
            afterInvariant();
            _count();
        }

        bytes4[31] memory functions = _functions();
        for (uint256 i = 0; i < functions.length; ++i) {
            vm.assertEq(_through[functions[i]] > 0, true, "a function never went through");
        }
        vm.assertEq(_came["permitted"] > 0, true, "nothing was permitted");
        vm.assertEq(_came["refused"] > 0, true, "nothing was refused");
        vm.assertEq(_came["suspended for strikes"] > 0, true, "nobody was suspended for strikes");
    }

    function _callAtRandom(uint256 i) private {
        bytes4[36] memory calls = _campaign.calls();
        bytes memory seeds = abi.encode(_seed(i, 0), _seed(i, 1), _seed(i, 2), _seed(i, 3), _seed(i, 4));
        (bool succeeded,) = address(_campaign).call(bytes.concat(calls[_seed(i, 5) % calls.length], seeds));
        vm.assertEq(succeeded, true, "the campaign itself failed");
    }

    function _count() private {
        bytes4[31] memory functions = _functions();
        for (uint256 i = 0; i < functions.length; ++i) {
            _through[functions[i]] += _campaign.done(functions[i]);
        }
        string[3] memory outcomes = ["permitted", "refused", "suspended for strikes"];
        for (uint256 i = 0; i < outcomes.length; ++i) {
            _came[outcomes[i]] += _campaign.outcomes(outcomes[i]);
        }
    }

    /// @dev Of everything there is to call from outside, all but what the contracts alone may ask of each other.
    function _functions() private view returns (bytes4[31] memory) {
        return [
            participants.registerPatient.selector,
            participants.enrolPatient.selector,
            participants.changePublicKey.selector,
            participants.registerProvider.selector,
            participants.registerVerifiedProvider.selector,
            participants.verifyProvider.selector,
            participants.verifyProviders.selector,
            participants.renewProvider.selector,
            participants.suspendProvider.selector,
            participants.reinstateProvider.selector,
            participants.vouchForMembers.selector,
            participants.dropMembers.selector,
            consents.requestConsent.selector,
            consents.declineRequest.selector,
            consents.grantConsent.selector,
            consents.amendConsent.selector,
            consents.revokeConsent.selector,
            consents.revokeAll.selector,
            consents.restrictRecord.selector,
            consents.liftRestriction.selector,
            records.addRecord.selector,
            records.addRecords.selector,
            records.submitRecord.selector,
            records.acceptRecords.selector,
            records.rejectRecord.selector,
            records.supersedeRecord.selector,
            records.rewrapRecord.selector,
            records.moveRecord.selector,
            records.retireRecord.selector,
            log.openRecords.selector,
            keepers.startEpoch.selector
        ];
    }

    /// @dev Something to lose: two patients, a clinician of a lab, a record and a consent each.
    function _begin() private {
        uint256 everything = (uint256(1) << 128) | (uint256(0x1ff) << 64) | type(uint64).max;
        uint256 fourDays = (uint256(4 days) << 64) | 1;
        for (uint256 i = 0; i < 2; ++i) {
            _campaign.registerPatient(i, i + 1, 3);
            _campaign.addRecords(0, 8 * i + 1, i + 1, 3);
        }
        _campaign.registerProvider(16, 4);
        _campaign.registerProvider(24, 8);
        _campaign.verifyProvider(1, 16, 1, 300 days);
        _campaign.verifyProvider(1, 24, 1, 300 days);
        _campaign.vouchForMembers(1, 0, 1);
        _campaign.grantConsent(1, 2, everything, fourDays);
        _campaign.grantConsent(9, 3, everything, fourDays);
        vm.assertEq(_campaign.doneInAll(), _campaign.triedInAll(), "the beginning");
    }

    // Helpers

    function _turn(uint256 size) private view returns (uint256) {
        return _campaign.triedInAll() % size;
    }

    function _seed(uint256 i, uint256 j) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(i, j)));
    }

    function _assertNoFault() private view {
        vm.assertEq(bytes(_campaign.fault()).length == 0, true, _campaign.fault());
        vm.assertEq(bytes(_replay.fault()).length == 0, true, _replay.fault());
    }

    function _assertDecisions(uint256 a, Purpose purpose) private view {
        RecordId[] memory ids = new RecordId[](PLACES);
        for (uint256 r = 0; r < PLACES; ++r) {
            ids[r] = _campaign.recordAt(r);
        }
        (Ruling[] memory rulings,) = consents.decideAll(_actors[a], ids, purpose);
        for (uint256 r = 0; r < PLACES; ++r) {
            (Decision decision, address whose) = consents.decide(_actors[a], ids[r], purpose);
            Decision expected = _campaign.expectedDecision(_actors[a], ids[r], purpose);
            vm.assertEq(uint256(decision), uint256(expected), "decision");
            vm.assertEq(uint256(rulings[r].decision()), uint256(expected), "one of many decisions");
            vm.assertEq(whose, _campaign.recordOf(ids[r]).patient, "whose");
            vm.assertEq(rulings[r].patient(), whose, "whose of many");
        }
    }

    /// @dev Nobody who is in no registry is ever permitted, whatever else it is.
    function _assertStrangers(uint256 r) private view {
        address[5] memory strangers = [address(0), auditor, governor, manager, _campaign.manager()];
        for (uint256 i = 0; i < strangers.length; ++i) {
            _assertDecision(strangers[i], _campaign.recordAt(r), Purpose.Treatment, Decision.AccessorUnknown);
        }
    }

    function _assertActor(uint256 a) private view {
        State[2] memory tellers = [State(_campaign), State(_replay)];
        address actor = _actors[a];
        for (uint256 t = 0; t < 2; ++t) {
            (bool known, bytes32 publicKeyHash) = tellers[t].keyOf(actor);
            vm.assertEq(participants.patientOf(actor), known ? actor : address(0), "patient");
            vm.assertEq(participants.publicKeyHashOf(actor), publicKeyHash, "public key");
            bytes32 provider = keccak256(abi.encode(participants.providerOf(actor)));
            vm.assertEq(provider, keccak256(abi.encode(tellers[t].providerOf(actor))), "provider");
            for (uint256 b = 0; b < _actors.length; ++b) {
                bytes32 consent = keccak256(abi.encode(consents.consentOf(actor, _actors[b])));
                vm.assertEq(consent, keccak256(abi.encode(tellers[t].consentOf(actor, _actors[b]))), "consent");
            }
        }
        _assertHead(actor);
    }

    function _assertRecord(uint256 r) private view {
        State[2] memory tellers = [State(_campaign), State(_replay)];
        RecordId recordId = _campaign.recordAt(r);
        bytes32 stored = keccak256(abi.encode(_stored(recordId)));
        for (uint256 t = 0; t < 2; ++t) {
            vm.assertEq(stored, keccak256(abi.encode(tellers[t].recordOf(recordId))), "record");
            _assertRestriction(tellers[t], recordId, address(0));
            for (uint256 a = 0; a < _actors.length; ++a) {
                _assertRestriction(tellers[t], recordId, _actors[a]);
            }
        }
    }

    function _assertRestriction(State teller, RecordId recordId, address accessor) private view {
        bool stands = teller.isRestricted(recordId, accessor);
        vm.assertEq(consents.isRestricted(recordId, accessor), stands, "restriction");
    }

    /// @dev All that the index holds of a record.
    function _stored(RecordId recordId) private view returns (RecordState memory) {
        Record memory record = records.recordOf(recordId);
        (RecordId previous, RecordId next) = records.versionsOf(recordId);
        vm.assertEq(record.superseded, RecordId.unwrap(next) != 0, "superseded");
        vm.assertEq(record.supersedes, RecordId.unwrap(previous) != 0, "supersedes");
        return RecordState({
            status: record.status,
            patient: record.patient,
            author: records.authorOf(recordId),
            compartment: record.compartment,
            previous: previous,
            next: next,
            envelope: records.envelopeOf(recordId)
        });
    }

    function _assertHead(address whose) private view {
        (bytes28 head, uint32 count) = log.headOf(whose);
        (bytes28 recomputed, uint32 number) = _replay.headOf(whose);
        vm.assertEq(bytes32(head), bytes32(recomputed), "head");
        vm.assertEq(uint256(count), uint256(number), "count");
    }

    /// @dev Versions never run in a circle: a patient with records that were ever active has a current one.
    function _assertVersions(uint256 a) private view {
        bool any = false;
        bool current = false;
        for (uint256 r = 0; r < PLACES; ++r) {
            Record memory record = records.recordOf(_campaign.recordAt(r));
            bool counted = record.status == RecordStatus.Active || record.status == RecordStatus.Retired;
            if (record.patient != _actors[a] || !counted) continue;
            any = true;
            current = current || !record.superseded;
        }
        vm.assertEq(current, any, "current version");
    }

    function _assertOpenings() private view {
        Opening[] memory permitted = _campaign.permitted();
        for (uint256 i = 0; i < permitted.length; ++i) {
            _assertOpening(permitted[i], _campaign.shouldStand(permitted[i]));
        }
        Opening[] memory refused = _campaign.refused();
        for (uint256 i = 0; i < refused.length; ++i) {
            _assertOpening(refused[i], false);
        }
    }

    function _assertNewestOpening(Opening[] memory openings, bool stands) private view {
        if (openings.length == 0) return;
        Opening memory newest = openings[openings.length - 1];
        _assertOpening(newest, stands && _campaign.shouldStand(newest));
        Opening memory any = openings[_turn(openings.length)];
        _assertOpening(any, stands && _campaign.shouldStand(any));
    }

    /// @dev Keepers see what the log and the decisions say.
    function _assertOpening(Opening memory opening, bool stands) private view {
        bytes32 expected = stands ? keccak256(abi.encode(opening)) : bytes32(0);
        vm.assertEq(log.standingOpening(opening), expected, "opening");
        (bytes32 openingId, IKeeperView.RecordState[] memory states) = keeperView.releaseState(opening);
        vm.assertEq(openingId, expected, "what a keeper sees");
        Decision decision = _campaign.expectedDecision(opening.accessor, opening.recordIds[0], opening.purpose);
        vm.assertEq(uint256(states[0].decision), uint256(decision), "what a keeper is told");
    }

    /// @dev One entry a record, and none from anybody else.
    function _assertEntries() private view {
        (, uint32 count) = log.headOf(address(0));
        uint256 all = count;
        for (uint256 a = 0; a < _actors.length; ++a) {
            (, count) = log.headOf(_actors[a]);
            all += count;
        }
        vm.assertEq(all, _campaign.entries(), "entries");
        _assertHead(address(0));
    }

    function _assertEpochs() private view {
        bytes32[] memory epochs = _campaign.epochs();
        vm.assertEq(keccak256(abi.encode(epochs)), keccak256(abi.encode(_replay.keeperEpochs())), "epochs in events");
        vm.assertEq(uint256(keepers.currentEpoch()), epochs.length, "epochs");
        for (uint256 i = 0; i < epochs.length; ++i) {
            (bytes32 digest,,) = keepers.epochOf(uint32(i + 1));
            vm.assertEq(digest, epochs[i], "epoch");
        }
    }
}
