// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ruling} from "../../contracts/libraries/Ruling.sol";
import {
    Consent,
    Decision,
    Opening,
    ProviderStatus,
    Purpose,
    Record,
    RecordId,
    RecordStatus
} from "../../contracts/types/Types.sol";
import {Handler} from "./support/Handler.sol";
import {World} from "./support/World.sol";

/// @notice The numbered properties of docs/properties.md, held against random calls of everybody on everything.
/// hardhat-config: default.invariant.runs = 16
/// hardhat-config: default.invariant.depth = 160
contract InvariantsTest is World {
    Handler private _handler;
    address[] private _actors;
    RecordId[] private _ids;

    function setUp() public override {
        super.setUp();
        _actors = [patient, otherPatient, clinician, lab, outsider];
        _handler = new Handler(participants, consents, records, log, _actors, manager);
        _ids = _handler.allRecordIds();
        _ids.push(UNKNOWN_RECORD);

        // A campaign begins with something to lose: two patients, a clinician and a lab, a record, a consent.
        _handler.registerPatient(0, 1, PUBLIC_KEY);
        _handler.registerPatient(1, 2, PUBLIC_KEY);
        _handler.registerProvider(2, 1);
        _handler.verifyProvider(1, 2, 1, 300 days);
        _handler.registerProvider(3, 2);
        _handler.verifyProvider(1, 3, 2, 300 days);
        _handler.vouchForMembers(3, 2);
        _handler.addRecord(0, 0, 0, 3);
        _handler.addRecord(1, 1, 1, 3);
        uint256 everything = (uint256(1) << 128) | (uint256(0x1ff) << 64) | type(uint64).max;
        _handler.grantConsent(0, 2, everything, (uint256(4 days) << 64) | 1);
        _handler.grantConsent(1, 3, everything, (uint256(4 days) << 64) | 1);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev No Permit without being the patient or a standing, covering consent, and no denial with one.
    function invariant_P1_DecideSaysWhatTheModelSays() public view {
        for (uint256 a = 0; a < _actors.length; ++a) {
            for (uint256 p = 0; p < 3; ++p) {
                _assertModel(_actors[a], Purpose(p));
            }
        }
    }

    /// @dev Nobody who is absent from the registry, and no record absent from the index, is ever permitted.
    function invariant_P3_AbsentMeansDeny() public view {
        for (uint256 r = 0; r < _ids.length; ++r) {
            _assertDecisionIsNotPermit(address(0), _ids[r]);
            _assertDecisionIsNotPermit(auditor, _ids[r]);
            _assertDecisionIsNotPermit(manager, _ids[r]);
            _assertDecisionIsNotPermit(governor, _ids[r]);
        }
    }

    function invariant_P4_HeadsRecomputedFromEventsEqualStorage() public view {
        _assertHead(address(0));
        for (uint256 a = 0; a < _actors.length; ++a) {
            _assertHead(_actors[a]);
        }
    }

    /// @dev Every state is what the calls of those who may change it made it: nobody else's call changed anything.
    function invariant_P5_NobodyChangesAnotherPatientsData() public view {
        vm.assertEq(bytes(_handler.fault()).length == 0, true, _handler.fault());
        for (uint256 a = 0; a < _actors.length; ++a) {
            address owner = _actors[a];
            vm.assertEq(participants.patientOf(owner) == owner, _handler.isPatient(owner), "patient");
            vm.assertEq(participants.publicKeyHashOf(owner), _handler.publicKey(owner), "public key");
            (ProviderStatus status,,,, bool vouched) = _handler.provider(owner);
            vm.assertEq(uint256(participants.providerOf(owner).status), uint256(status), "provider");
            vm.assertEq(participants.providerOf(owner).vouched, vouched, "member");
            for (uint256 b = 0; b < _actors.length; ++b) {
                bytes32 stored = keccak256(abi.encode(consents.consentOf(owner, _actors[b])));
                vm.assertEq(stored, keccak256(abi.encode(_handler.consentOf(owner, _actors[b]))), "consent");
            }
        }
        for (uint256 r = 0; r < _ids.length; ++r) {
            _assertRecord(_ids[r]);
        }
    }

    function invariant_P6_AnOpeningStandsIffPermittedAndTheLastAtItsPlace() public view {
        Opening[] memory permitted = _handler.permittedOpenings();
        for (uint256 i = 0; i < permitted.length; ++i) {
            bool last = _handler.lastAt(permitted[i].accessor, permitted[i].place) == i + 1;
            bytes32 expected = last ? keccak256(abi.encode(permitted[i])) : bytes32(0);
            vm.assertEq(log.standingOpening(permitted[i]), expected, "permitted opening");
        }
        Opening[] memory refused = _handler.refusedOpenings();
        for (uint256 i = 0; i < refused.length; ++i) {
            vm.assertEq(log.standingOpening(refused[i]), bytes32(0), "refused opening");
        }
    }

    /// @dev The handler asks of each call of openRecords who may make it and how many entries it leaves.
    function invariant_P7_P8_RefusalsNeverRevertAndStrangersNeverWrite() public view {
        vm.assertEq(bytes(_handler.fault()).length == 0, true, _handler.fault());
        for (uint32 place = 0; place < _handler.OPENING_PLACES(); ++place) {
            vm.assertEq(uint256(_freeAt(auditor, place)) + _freeAt(manager, place), 0, "openings of strangers");
        }
    }

    /// @dev Versions never run in a circle: a patient with active records always has a current one.
    function invariant_P9_APatientsActiveRecordsHaveACurrentOne() public view {
        for (uint256 a = 0; a < _actors.length; ++a) {
            bool any = false;
            bool current = false;
            for (uint256 r = 0; r < _ids.length; ++r) {
                Record memory record = records.recordOf(_ids[r]);
                bool counted = record.status == RecordStatus.Active || record.status == RecordStatus.Retired;
                if (record.patient != _actors[a] || !counted) continue;
                any = true;
                current = current || !record.superseded;
            }
            vm.assertEq(current, any, "current version");
        }
    }

    function invariant_P11_ManyAtOnceIsTheSameAsOneByOne() public view {
        for (uint256 a = 0; a < _actors.length; ++a) {
            (Ruling[] memory rulings,) = consents.decideAll(_actors[a], _ids, Purpose.Treatment);
            for (uint256 r = 0; r < _ids.length; ++r) {
                (Decision decision, address whose) = consents.decide(_actors[a], _ids[r], Purpose.Treatment);
                vm.assertEq(uint256(rulings[r].decision()), uint256(decision), "decision");
                vm.assertEq(rulings[r].patient(), whose, "patient");
            }
        }
    }

    // Helpers

    function _assertModel(address accessor, Purpose purpose) private view {
        for (uint256 r = 0; r < _ids.length; ++r) {
            _assertDecision(accessor, _ids[r], purpose, _handler.expectedDecision(accessor, _ids[r], purpose));
        }
    }

    function _assertDecisionIsNotPermit(address accessor, RecordId recordId) private view {
        (Decision decision,) = consents.decide(accessor, recordId, Purpose.Treatment);
        vm.assertEq(decision == Decision.Permit, false, "permitted");
    }

    function _assertHead(address owner) private view {
        (bytes28 head, uint32 count) = log.headOf(owner);
        vm.assertEq(bytes32(head), bytes32(_handler.head(owner)), "head");
        vm.assertEq(uint256(count), uint256(_handler.count(owner)), "count");
    }

    function _assertRecord(RecordId recordId) private view {
        Record memory record = records.recordOf(recordId);
        Handler.RecordModel memory model = _handler.recordOf(recordId);
        vm.assertEq(uint256(record.status), uint256(model.status), "status");
        vm.assertEq(record.patient, model.patient, "whose");
        vm.assertEq(uint256(record.compartment), uint256(model.compartment), "compartment");
        vm.assertEq(record.superseded, RecordId.unwrap(model.next) != 0, "superseded");
        vm.assertEq(record.supersedes, RecordId.unwrap(model.previous) != 0, "supersedes");
        (RecordId previous, RecordId next) = records.versionsOf(recordId);
        vm.assertEq(RecordId.unwrap(previous), RecordId.unwrap(model.previous), "previous");
        vm.assertEq(RecordId.unwrap(next), RecordId.unwrap(model.next), "next");
        vm.assertEq(records.authorOf(recordId), model.author, "author");
        vm.assertEq(records.envelopeOf(recordId), model.envelope, "envelope");
        vm.assertEq(consents.isRestricted(recordId, address(0)), _handler.restricted(recordId, address(0)), "kept");
        for (uint256 a = 0; a < _actors.length; ++a) {
            bool kept = _handler.restricted(recordId, _actors[a]);
            vm.assertEq(consents.isRestricted(recordId, _actors[a]), kept, "kept from one");
        }
    }
}
