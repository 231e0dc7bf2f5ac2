// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessLog} from "../../../contracts/AccessLog.sol";
import {ConsentRegistry} from "../../../contracts/ConsentRegistry.sol";
import {ParticipantRegistry} from "../../../contracts/ParticipantRegistry.sol";
import {RecordIndex} from "../../../contracts/RecordIndex.sol";
import {IAccessLog} from "../../../contracts/interfaces/IAccessLog.sol";
import {
    Application,
    CompartmentSet,
    Consent,
    Decision,
    Opening,
    ProviderStatus,
    Purpose,
    PurposeSet,
    RecordId,
    RecordStatus,
    Role
} from "../../../contracts/types/Types.sol";
import {Vm} from "./Vm.sol";

/// @notice Makes random calls by random actors on all contracts together, and keeps a model of what the contracts
/// should know: written here in the plainest way, never read from them. The invariants hold the two together.
/// @dev Calls may fail; the model follows those that went through, after asking itself whether they were allowed to.
contract Handler {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint32 private constant AREA = 41;
    bytes32 private constant CREDENTIAL = keccak256("credential");

    struct ProviderModel {
        ProviderStatus status;
        Role role;
        uint48 expiresAt;
        address organisation;
        bool vouched;
    }

    struct RecordModel {
        RecordStatus status;
        address patient;
        address author;
        uint8 compartment;
        RecordId previous;
        RecordId next;
        bytes32 envelope;
    }

    ParticipantRegistry private immutable _participants;
    ConsentRegistry private immutable _consents;
    RecordIndex private immutable _records;
    AccessLog private immutable _log;

    address[] public actors;
    uint256 private constant PLACES = 8;
    /// @notice How many places an accessor's openings are put at: few, so that some are taken.
    uint32 public constant OPENING_PLACES = 4;

    RecordId[] public recordIds;
    address private immutable _manager;

    // The model
    mapping(address actor => bool) public isPatient;
    mapping(address actor => bytes32) public publicKey;
    mapping(address actor => ProviderModel) public provider;
    mapping(address patient => mapping(address accessor => Consent)) private _consent;
    // Also what revokeAll ended: it can still be revoked by name.
    mapping(address patient => mapping(address accessor => bool)) private _given;
    mapping(RecordId => RecordModel) private _record;
    mapping(RecordId => mapping(address accessor => bool)) public restricted;
    mapping(address patient => bytes28) public head;
    mapping(address patient => uint32) public count;
    /// @notice Which of the permitted openings stands at a place, counting from 1; zero for none.
    mapping(address accessor => mapping(uint32 place => uint256)) public lastAt;
    mapping(address accessor => uint256) public strikes;
    mapping(address accessor => uint256) public struckSince;
    // When something last ended that a refusal may be due to, by what it was.
    mapping(bytes32 what => uint256) private _endedAt;
    Opening[] private _permitted;
    Opening[] private _refused;

    /// @notice The first thing that went through and should not have, or changed what it should not have.
    string public fault;

    /// @notice How many calls went through, by name: a campaign that does nothing proves nothing.
    mapping(bytes32 name => uint256) public done;

    constructor(
        ParticipantRegistry participants,
        ConsentRegistry consents,
        RecordIndex records,
        AccessLog log,
        address[] memory actors_,
        address manager
    ) {
        (_participants, _consents, _records, _log, actors, _manager) =
        (participants, consents, records, log, actors_, manager);
        for (uint256 i = 0; i < 6; ++i) {
            recordIds.push(RecordId.wrap(keccak256(abi.encode("record", i))));
        }
    }

    // Participants

    function registerPatient(uint256 who, uint256 pid, bytes32 publicKeyHash) external {
        address caller = _actor(who);
        bytes32 chosen = bytes32(pid % 4);
        if (!_call(
                caller,
                address(_participants),
                abi.encodeCall(_participants.registerPatient, (AREA, chosen, publicKeyHash))
            )) return;

        _must(!isPatient[caller] && chosen != 0, "registerPatient");
        isPatient[caller] = true;
        publicKey[caller] = _stored(publicKeyHash);
        ++done["registerPatient"];
    }

    function changePublicKey(uint256 who, bytes32 publicKeyHash) external {
        address caller = _actor(who);
        if (!_call(caller, address(_participants), abi.encodeCall(_participants.changePublicKey, (publicKeyHash)))) {
            return;
        }

        _must(isPatient[caller], "changePublicKey");
        publicKey[caller] = _stored(publicKeyHash);
    }

    function registerProvider(uint256 who, uint256 role) external {
        address caller = _actor(who);
        Application memory application = _application(role);
        if (!_call(caller, address(_participants), abi.encodeCall(_participants.registerProvider, (application)))) {
            return;
        }

        _must(provider[caller].status != ProviderStatus.Suspended, "registerProvider");
        provider[caller] = ProviderModel(ProviderStatus.Applied, application.role, 0, application.organisation, false);
    }

    function verifyProvider(uint256 who, uint256 whom, uint256 role, uint256 time) external {
        address caller = _managerOr(who);
        address account = _actor(whom);
        Application memory application = _application(role);
        uint48 expiresAt = _within(time, 300 days);
        if (!_call(
                caller,
                address(_participants),
                abi.encodeCall(_participants.verifyProvider, (account, application, expiresAt))
            )) return;

        ProviderModel storage model = provider[account];
        _must(caller == _manager && model.status == ProviderStatus.Applied, "verifyProvider");
        _must(model.role == application.role && expiresAt > block.timestamp, "verifyProvider: what was read");
        model.status = ProviderStatus.Verified;
        model.expiresAt = expiresAt;
        ++done["verifyProvider"];
    }

    function renewProvider(uint256 who, uint256 whom, uint256 time) external {
        (address caller, address account, uint48 expiresAt) = (_managerOr(who), _actor(whom), _within(time, 300 days));
        if (!_call(caller, address(_participants), abi.encodeCall(_participants.renewProvider, (account, expiresAt)))) {
            return;
        }

        _must(caller == _manager && provider[account].status == ProviderStatus.Verified, "renewProvider");
        provider[account].expiresAt = expiresAt;
    }

    function suspendProvider(uint256 who, uint256 whom) external {
        (address caller, address account) = (_managerOr(who), _actor(whom));
        if (!_call(caller, address(_participants), abi.encodeCall(_participants.suspendProvider, (account)))) return;

        _must(caller == _manager && provider[account].status == ProviderStatus.Verified, "suspendProvider");
        provider[account].status = ProviderStatus.Suspended;
    }

    function reinstateProvider(uint256 who, uint256 whom) external {
        (address caller, address account) = (_managerOr(who), _actor(whom));
        if (!_call(caller, address(_participants), abi.encodeCall(_participants.reinstateProvider, (account)))) return;

        _must(caller == _manager && provider[account].status == ProviderStatus.Suspended, "reinstateProvider");
        provider[account].status = ProviderStatus.Verified;
    }

    function vouchForMembers(uint256 who, uint256 whom) external {
        (address caller, address member) = (_actor(who), _actor(whom));
        bytes memory call = abi.encodeCall(_participants.vouchForMembers, (_oneAccount(member)));
        if (!_call(caller, address(_participants), call)) return;

        ProviderModel storage model = provider[member];
        _must(_counts(caller) && model.status == ProviderStatus.Verified, "vouchForMembers");
        _must(model.organisation == caller, "vouchForMembers: both sides");
        model.vouched = true;
        ++done["vouchForMembers"];
    }

    function dropMembers(uint256 who, uint256 whom) external {
        (address caller, address member) = (_actor(who), _actor(whom));
        bytes memory call = abi.encodeCall(_participants.dropMembers, (_oneAccount(member)));
        if (!_call(caller, address(_participants), call)) return;

        _must(provider[member].vouched && provider[member].organisation == caller, "dropMembers");
        provider[member].vouched = false;
    }

    // Consents

    function grantConsent(uint256 who, uint256 whom, uint256 scope, uint256 time) external {
        (address caller, address accessor, Consent memory consent) =
            (_actor(who), _actor(whom), _anyConsent(scope, time));
        if (!_call(caller, address(_consents), abi.encodeCall(_consents.grantConsent, (accessor, consent)))) return;

        _must(isPatient[caller] && accessor != caller, "grantConsent");
        _must(_consent[caller][accessor].expiresAt <= block.timestamp, "grantConsent: one stood");
        _consent[caller][accessor] = consent;
        _given[caller][accessor] = true;
        ++done["grantConsent"];
    }

    function amendConsent(uint256 who, uint256 whom, uint256 scope, uint256 time) external {
        (address caller, address accessor, Consent memory consent) =
            (_actor(who), _actor(whom), _anyConsent(scope, time));
        if (!_call(caller, address(_consents), abi.encodeCall(_consents.amendConsent, (accessor, consent)))) return;

        _must(_consent[caller][accessor].expiresAt > block.timestamp, "amendConsent");
        _consent[caller][accessor] = consent;
        _end(_pair(caller, accessor));
    }

    function revokeConsent(uint256 who, uint256 whom) external {
        (address caller, address accessor) = (_actor(who), _actor(whom));
        if (!_call(caller, address(_consents), abi.encodeCall(_consents.revokeConsent, (accessor)))) return;

        _must(_given[caller][accessor], "revokeConsent");
        delete _given[caller][accessor];
        delete _consent[caller][accessor];
        _end(_pair(caller, accessor));
        ++done["revokeConsent"];
    }

    function revokeAll(uint256 who) external {
        // Rarely, or no consent would stand for long.
        if (who % 4 != 0) return;
        address caller = _actor(who / 4);
        if (!_call(caller, address(_consents), abi.encodeCall(_consents.revokeAll, ()))) return;

        _must(isPatient[caller], "revokeAll");
        for (uint256 i = 0; i < actors.length; ++i) {
            delete _consent[caller][actors[i]];
        }
        _end(bytes32(uint256(uint160(caller))));
        ++done["revokeAll"];
        // What is given in the same block would be in vain.
        vm.warp(block.timestamp + 1);
    }

    function restrictRecord(uint256 who, uint256 whom, uint256 which) external {
        (address caller, address accessor, RecordId recordId) =
            (_ownerOr(who, which), _actorOrNobody(whom), _recordId(which));
        if (!_call(caller, address(_consents), abi.encodeCall(_consents.restrictRecord, (recordId, accessor)))) return;

        _must(_record[recordId].patient == caller, "restrictRecord");
        if (!restricted[recordId][accessor]) _end(RecordId.unwrap(recordId));
        restricted[recordId][accessor] = true;
    }

    function liftRestriction(uint256 who, uint256 whom, uint256 which) external {
        (address caller, address accessor, RecordId recordId) =
            (_ownerOr(who, which), _actorOrNobody(whom), _recordId(which));
        if (!_call(caller, address(_consents), abi.encodeCall(_consents.liftRestriction, (recordId, accessor)))) {
            return;
        }

        _must(_record[recordId].patient == caller, "liftRestriction");
        restricted[recordId][accessor] = false;
    }

    // Records

    function addRecord(uint256 who, uint256 whose, uint256 which, uint8 compartment) external {
        (address caller, address owner, RecordId recordId) = (_actor(who), _actor(whose), _newId(which));
        compartment %= 66;
        if (!_call(caller, address(_records), abi.encodeCall(_records.addRecord, (recordId, owner, compartment)))) {
            return;
        }

        bool byPatient = isPatient[caller] && owner == caller;
        bool byWriter = _counts(caller)
            && (_writes(_consent[owner][caller], compartment)
                || _writes(_consent[owner][_inheritsFrom(caller)], compartment));
        _must(byPatient || byWriter, "addRecord");
        _created(recordId, owner, caller, compartment, RecordStatus.Active);
        ++done["addRecord"];
    }

    function submitRecord(uint256 who, uint256 whose, uint256 which) external {
        (address caller, address owner, RecordId recordId) = (_actor(who), _actor(whose), _newId(which));
        if (!_call(caller, address(_records), abi.encodeCall(_records.submitRecord, (recordId, owner)))) return;

        _must(_counts(caller) && isPatient[owner], "submitRecord");
        _created(recordId, owner, caller, 0, RecordStatus.Pending);
        ++done["submitRecord"];
    }

    function addRecords(uint256 who, uint256 which, uint256 whichToo, uint8 compartment) external {
        address caller = _actor(who);
        RecordId[] memory ids = new RecordId[](2);
        (ids[0], ids[1]) = (_newId(which), _newId(whichToo));
        uint8[] memory compartments = new uint8[](2);
        (compartments[0], compartments[1]) = (compartment % 66, compartment % 64);
        bytes memory call = abi.encodeCall(_records.addRecords, (ids, caller, compartments));
        if (!_call(caller, address(_records), call)) return;

        _must(isPatient[caller], "addRecords");
        _created(ids[0], caller, caller, compartments[0], RecordStatus.Active);
        _created(ids[1], caller, caller, compartments[1], RecordStatus.Active);
        ++done["addRecords"];
    }

    function acceptRecord(uint256 who, uint256 which, uint8 compartment) external {
        (address caller, RecordId recordId) = (_ownerOr(who, which), _recordId(which));
        compartment %= 66;
        (RecordId[] memory ids, uint8[] memory compartments) = (new RecordId[](1), new uint8[](1));
        (ids[0], compartments[0]) = (recordId, compartment);
        if (!_call(caller, address(_records), abi.encodeCall(_records.acceptRecords, (ids, compartments)))) return;

        RecordModel storage record = _mustOwn(caller, recordId, RecordStatus.Pending, "acceptRecord");
        _must(compartment < 64, "acceptRecord: compartment");
        (record.status, record.compartment) = (RecordStatus.Active, compartment);
    }

    function rejectRecord(uint256 who, uint256 which) external {
        (address caller, RecordId recordId) = (_ownerOr(who, which), _recordId(which));
        if (!_call(caller, address(_records), abi.encodeCall(_records.rejectRecord, (recordId)))) return;

        _mustOwn(caller, recordId, RecordStatus.Pending, "rejectRecord").status = RecordStatus.Rejected;
        _end(RecordId.unwrap(recordId));
    }

    function moveRecord(uint256 who, uint256 which, uint8 compartment) external {
        (address caller, RecordId recordId) = (_ownerOr(who, which), _recordId(which));
        compartment %= 66;
        if (!_call(caller, address(_records), abi.encodeCall(_records.moveRecord, (recordId, compartment)))) return;

        _must(compartment < 64, "moveRecord: compartment");
        _mustOwn(caller, recordId, RecordStatus.Active, "moveRecord").compartment = compartment;
        _end(RecordId.unwrap(recordId));
    }

    function supersedeRecord(uint256 who, uint256 which, uint256 whichBefore) external {
        (address caller, RecordId recordId, RecordId previous) =
            (_ownerOr(who, which), _recordId(which), _recordId(whichBefore));
        if (!_call(caller, address(_records), abi.encodeCall(_records.supersedeRecord, (recordId, previous)))) return;

        RecordModel storage newer = _record[recordId];
        RecordModel storage older = _record[previous];
        bool byAuthor = newer.author == caller && older.author == caller && _counts(caller);
        _must(older.patient == caller || byAuthor, "supersedeRecord");
        _must(older.patient == newer.patient && _isNone(older.next), "supersedeRecord: versions");
        _must(_isNone(newer.next) && _isNone(newer.previous), "supersedeRecord: a line");
        (older.next, newer.previous) = (recordId, previous);
    }

    function rewrapRecord(uint256 who, uint256 which, bytes32 envelopeDigest) external {
        (address caller, RecordId recordId) = (_ownerOr(who, which), _recordId(which));
        if (!_call(caller, address(_records), abi.encodeCall(_records.rewrapRecord, (recordId, envelopeDigest)))) {
            return;
        }

        _mustOwn(caller, recordId, RecordStatus.Active, "rewrapRecord").envelope = envelopeDigest;
    }

    function retireRecord(uint256 who, uint256 which) external {
        // Rarely, or nothing would be left to open.
        if (who % 5 != 0) return;
        (address caller, RecordId recordId) = (_ownerOr(who, which), _recordId(which));
        if (!_call(caller, address(_records), abi.encodeCall(_records.retireRecord, (recordId)))) return;

        _mustOwn(caller, recordId, RecordStatus.Active, "retireRecord").status = RecordStatus.Retired;
        _end(RecordId.unwrap(recordId));
    }

    // Openings

    function openRecords(uint256 who, uint256 which, uint256 size, uint256 purposeSeed) external {
        address caller = _actor(who);
        Purpose purpose = Purpose(purposeSeed % 3);
        RecordId[] memory ids = new RecordId[](size % 4);
        for (uint256 i = 0; i < ids.length; ++i) {
            ids[i] = _recordId((which >> (8 * i)) % 8);
        }
        _open(caller, ids, purpose, keccak256(abi.encode(which, size)), uint32(which % OPENING_PLACES));
    }

    /// @notice Random callers rarely hold a consent: this one looks for somebody who may, and opens up to four times,
    /// so that places are taken, and taken again.
    function openAsSomebodyWhoMay(uint256 who, uint256 times) external {
        for (uint256 i = 0; i < actors.length * recordIds.length; ++i) {
            address caller = _actor(who + i / recordIds.length);
            RecordId[] memory ids = new RecordId[](1);
            ids[0] = recordIds[i % recordIds.length];
            if (expectedDecision(caller, ids[0], Purpose.Treatment) != Decision.Permit) continue;
            for (uint256 j = 0; j <= times % 4; ++j) {
                _open(
                    caller,
                    ids,
                    Purpose.Treatment,
                    keccak256(abi.encode(times, j)),
                    uint32((times + j) % OPENING_PLACES)
                );
            }
            return;
        }
    }

    /// @notice Minutes mostly, and now and then days, so that consents stand for a while and also expire.
    function warp(uint256 time) external {
        vm.warp(block.timestamp + 1 + (time % 5 == 0 ? time % 8 days : time % 1 hours));
    }

    // What the model says

    /// @notice Who may open what, in the plainest words: the slow twin of `decide`.
    function expectedDecision(address accessor, RecordId recordId, Purpose purpose) public view returns (Decision) {
        RecordModel storage record = _record[recordId];
        bool own = isPatient[accessor] && accessor == record.patient;
        if (own) return record.status == RecordStatus.Active ? Decision.Permit : Decision.RecordNotActive;

        ProviderModel storage p = provider[accessor];
        if (p.status == ProviderStatus.None) return Decision.AccessorUnknown;
        if (p.status == ProviderStatus.Applied) return Decision.AccessorNotVerified;
        if (p.status == ProviderStatus.Suspended) return Decision.AccessorSuspended;
        if (p.expiresAt <= block.timestamp) return Decision.AccessorExpired;
        if (record.status == RecordStatus.None) return Decision.RecordUnknown;
        if (record.status != RecordStatus.Active) return Decision.RecordNotActive;

        address organisation = _inheritsFrom(accessor);
        Decision decision = _covered(_consent[record.patient][accessor], purpose, record.compartment);
        Decision inherited = _covered(_consent[record.patient][organisation], purpose, record.compartment);
        if (decision == Decision.ConsentMissing || inherited == Decision.Permit) decision = inherited;
        if (decision != Decision.Permit) return decision;
        bool kept =
            restricted[recordId][accessor] || restricted[recordId][address(0)] || restricted[recordId][organisation];
        return kept ? Decision.RecordRestricted : Decision.Permit;
    }

    function _covered(Consent storage consent, Purpose purpose, uint8 compartment) private view returns (Decision) {
        if (consent.expiresAt == 0) return Decision.ConsentMissing;
        if (consent.startsAt > block.timestamp) return Decision.ConsentNotYetValid;
        if (consent.expiresAt <= block.timestamp) return Decision.ConsentExpired;
        if (PurposeSet.unwrap(consent.purposes) & (1 << uint8(purpose)) == 0) return Decision.PurposeNotConsented;
        if (CompartmentSet.unwrap(consent.compartments) & (uint64(1) << compartment) == 0) {
            return Decision.CompartmentNotConsented;
        }
        return Decision.Permit;
    }

    /// @dev Zero, to which nobody can give a consent, for none.
    function _inheritsFrom(address accessor) private view returns (address) {
        ProviderModel storage p = provider[accessor];
        return p.vouched && _counts(p.organisation) ? p.organisation : address(0);
    }

    /// @dev Whether anything that the refusal may be due to ended within the hour.
    function _isRace(address accessor, RecordId recordId) private view returns (bool) {
        address patient = _record[recordId].patient;
        address organisation = _inheritsFrom(accessor);
        return _isRecent(_endedAt[RecordId.unwrap(recordId)]) || _isRecent(_endedAt[bytes32(uint256(uint160(patient)))])
            || _isRecent(_endedAt[_pair(patient, accessor)]) || _expiredRecently(_consent[patient][accessor])
            || (organisation != address(0)
                && (_isRecent(_endedAt[_pair(patient, organisation)])
                    || _expiredRecently(_consent[patient][organisation])));
    }

    function _expiredRecently(Consent storage consent) private view returns (bool) {
        return consent.expiresAt <= block.timestamp && _isRecent(consent.expiresAt);
    }

    function _isRecent(uint256 time) private view returns (bool) {
        return time != 0 && time + 1 hours > block.timestamp;
    }

    function _pair(address patient, address accessor) private pure returns (bytes32) {
        return keccak256(abi.encode(patient, accessor));
    }

    function _end(bytes32 what) private {
        _endedAt[what] = block.timestamp;
    }

    function _isNone(RecordId recordId) private pure returns (bool) {
        return RecordId.unwrap(recordId) == 0;
    }

    function _writes(Consent memory consent, uint8 compartment) private view returns (bool) {
        return consent.mayWrite && _stands(consent) && compartment < 64
            && (CompartmentSet.unwrap(consent.compartments) >> compartment) & 1 == 1;
    }

    function _oneAccount(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }

    function consentOf(address patient, address accessor) external view returns (Consent memory) {
        return _consent[patient][accessor];
    }

    function recordOf(RecordId recordId) external view returns (RecordModel memory) {
        return _record[recordId];
    }

    function permittedOpenings() external view returns (Opening[] memory) {
        return _permitted;
    }

    function refusedOpenings() external view returns (Opening[] memory) {
        return _refused;
    }

    function allActors() external view returns (address[] memory) {
        return actors;
    }

    /// @dev Every id that a call may name, and so every record that can come to be.
    function allRecordIds() external view returns (RecordId[] memory all) {
        all = new RecordId[](PLACES);
        for (uint256 place = 0; place < PLACES; ++place) {
            all[place] = _recordId(place);
        }
    }

    // Helpers

    function _open(address caller, RecordId[] memory ids, Purpose purpose, bytes32 keyHash, uint32 place) private {
        // P7: a provider's call never fails for a refusal, nor a patient's for its own records; nobody else's leaves an
        // entry. What it can fail for is a place that is taken.
        bool entitled = ids.length != 0 && (_counts(caller) || _ownsAll(caller, ids))
            && !(_isTaken(caller, place) && _anyPermitted(caller, ids, purpose));
        uint256 expectedStrikes = _expectedStrikes(caller, ids, purpose);
        vm.recordLogs();
        vm.prank(caller);
        (bool succeeded,) = address(_log).call(abi.encodeCall(_log.openRecords, (ids, purpose, keyHash, place)));
        Vm.Log[] memory entries = vm.getRecordedLogs();
        _must(succeeded == entitled, "openRecords: who may");
        // What a call that failed had emitted is among the recorded logs, though not on the chain.
        if (!succeeded) return;
        // A suspension says so after the entries.
        uint256 extra = _strikesAfter(caller, expectedStrikes) >= _log.STRIKE_LIMIT() ? 1 : 0;
        _must(entries.length == ids.length + extra, "openRecords: one entry a record");

        uint256 permitted = 0;
        RecordId[] memory opened = new RecordId[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            Decision decision = _follow(entries[i]);
            _must(decision == expectedDecision(caller, ids[i], purpose), "openRecords: decision");
            if (decision == Decision.Permit) opened[permitted++] = ids[i];
        }
        _countStrikes(caller, expectedStrikes);
        Opening memory opening = Opening(caller, place, purpose, uint48(block.timestamp), keyHash, ids);
        if (permitted < ids.length) _refused.push(opening);
        if (permitted == 0) {
            ++done["refused"];
            return;
        }

        assembly ("memory-safe") {
            mstore(opened, permitted)
        }
        opening.recordIds = opened;
        _permitted.push(opening);
        lastAt[caller][place] = _permitted.length;
        ++done["permitted"];
    }

    function _isTaken(address caller, uint32 place) private view returns (bool) {
        uint256 last = lastAt[caller][place];
        return last != 0 && block.timestamp < _permitted[last - 1].openedAt + 1 hours;
    }

    function _anyPermitted(address caller, RecordId[] memory ids, Purpose purpose) private view returns (bool) {
        for (uint256 i = 0; i < ids.length; ++i) {
            if (expectedDecision(caller, ids[i], purpose) == Decision.Permit) return true;
        }
        return false;
    }

    function _ownsAll(address caller, RecordId[] memory ids) private view returns (bool) {
        for (uint256 i = 0; i < ids.length; ++i) {
            if (!isPatient[caller] || _record[ids[i]].patient != caller) return false;
        }
        return true;
    }

    /// @dev One for each refusal that is no race, but one only for records of one patient that follow each other.
    function _expectedStrikes(address caller, RecordId[] memory ids, Purpose purpose) private view returns (uint256 n) {
        if (!_counts(caller)) return 0;
        address last = address(1);
        for (uint256 i = 0; i < ids.length; ++i) {
            address patient = _record[ids[i]].patient;
            bool own = isPatient[caller] && patient == caller;
            if (own || expectedDecision(caller, ids[i], purpose) == Decision.Permit || _isRace(caller, ids[i])) {
                continue;
            }
            if (patient != last) ++n;
            last = patient;
        }
    }

    function _strikesAfter(address caller, uint256 more) private view returns (uint256) {
        if (more == 0) return 0;
        return more + (block.timestamp < struckSince[caller] + 1 days ? strikes[caller] : 0);
    }

    function _countStrikes(address caller, uint256 more) private {
        if (more == 0) return;
        uint256 total = _strikesAfter(caller, more);
        if (block.timestamp >= struckSince[caller] + 1 days) struckSince[caller] = block.timestamp;
        strikes[caller] = total;
        if (total < _log.STRIKE_LIMIT()) return;
        (strikes[caller], struckSince[caller]) = (0, 0);
        provider[caller].status = ProviderStatus.Suspended;
        ++done["suspendedForStrikes"];
    }

    /// @dev Recomputes the head from the event alone, as an auditor does.
    function _follow(Vm.Log memory entry) private returns (Decision decision) {
        address patient = address(uint160(uint256(entry.topics[1])));
        (uint32 sequence, uint8 purpose, uint48 openedAt, bytes32 keyHash, uint256 last) =
            abi.decode(entry.data, (uint32, uint8, uint48, bytes32, uint256));
        if (entry.topics[0] == IAccessLog.RecordOpened.selector) decision = Decision.Permit;
        else decision = Decision(last);

        _must(sequence == count[patient] + 1, "openRecords: sequence");
        count[patient] = sequence;
        head[patient] = bytes28(
            keccak256(
                bytes.concat(
                    head[patient],
                    bytes4(sequence),
                    entry.topics[3],
                    bytes20(uint160(uint256(entry.topics[2]))),
                    bytes1(purpose),
                    bytes1(uint8(decision)),
                    bytes6(openedAt),
                    keyHash
                )
            )
        );
    }

    function _created(RecordId recordId, address owner, address author, uint8 compartment, RecordStatus status)
        private
    {
        _must(_record[recordId].status == RecordStatus.None && compartment < 64, "a record was made twice");
        _record[recordId] = RecordModel(
            status, owner, author, compartment, RecordId.wrap(0), RecordId.wrap(0), RecordId.unwrap(recordId)
        );
    }

    function _mustOwn(address caller, RecordId recordId, RecordStatus needed, string memory name)
        private
        returns (RecordModel storage record)
    {
        record = _record[recordId];
        _must(record.patient == caller && record.status == needed, name);
    }

    function _must(bool condition, string memory name) private {
        if (!condition && bytes(fault).length == 0) fault = name;
    }

    function _call(address caller, address target, bytes memory data) private returns (bool succeeded) {
        vm.prank(caller);
        (succeeded,) = target.call(data);
    }

    function _counts(address account) private view returns (bool) {
        return provider[account].status == ProviderStatus.Verified && block.timestamp < provider[account].expiresAt;
    }

    function _stands(Consent memory consent) private view returns (bool) {
        return consent.startsAt <= block.timestamp && block.timestamp < consent.expiresAt;
    }

    function _actor(uint256 seed) private view returns (address) {
        return actors[seed % actors.length];
    }

    function _actorOrNobody(uint256 seed) private view returns (address) {
        uint256 place = seed % (actors.length + 1);
        return place == actors.length ? address(0) : actors[place];
    }

    /// @dev Mostly the manager: others are tried too, and must fail.
    function _managerOr(uint256 seed) private view returns (address) {
        return seed % 4 == 0 ? _actor(seed / 4) : _manager;
    }

    /// @dev Mostly the record's patient: others are tried too, and must fail.
    function _ownerOr(uint256 seed, uint256 which) private view returns (address) {
        address owner = _record[_recordId(which)].patient;
        return seed % 3 == 0 || owner == address(0) ? _actor(seed / 3) : owner;
    }

    function _newId(uint256 seed) private view returns (RecordId) {
        return recordIds[seed % recordIds.length];
    }

    /// @dev Places beyond the list are records that nobody ever makes.
    function _recordId(uint256 seed) private view returns (RecordId) {
        uint256 place = seed % PLACES;
        return place < recordIds.length ? recordIds[place] : RecordId.wrap(keccak256(abi.encode("nobody's", place)));
    }

    /// @dev Clinicians name the fourth actor, the lab, as the organisation they belong to.
    function _application(uint256 seed) private view returns (Application memory) {
        Role role = Role(seed % 3);
        return Application(role, AREA, role == Role.Clinician ? actors[3] : address(0), CREDENTIAL);
    }

    function _anyConsent(uint256 scope, uint256 time) private view returns (Consent memory) {
        return Consent({
            compartments: CompartmentSet.wrap(uint64(scope)),
            purposes: PurposeSet.wrap(uint16(scope >> 64) & 0x3ff),
            startsAt: time % 3 == 0 ? _within(time >> 8, 8 days) : 0,
            expiresAt: _within(time >> 64, 8 days),
            mayWrite: (scope >> 128) & 1 == 1
        });
    }

    /// @dev The value one stands for none in storage; the interface says so.
    function _stored(bytes32 publicKeyHash) private pure returns (bytes32) {
        return publicKeyHash == bytes32(uint256(1)) ? bytes32(0) : publicKeyHash;
    }

    /// @dev From a day ago to `reach` from now. Consents reach less far than verifications, so that they expire first
    /// and their expiry is seen.
    function _within(uint256 seed, uint256 reach) private view returns (uint48) {
        return uint48(block.timestamp - 1 days + seed % (reach + 1 days));
    }
}
