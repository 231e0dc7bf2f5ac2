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
    }

    struct RecordModel {
        RecordStatus status;
        address patient;
        address author;
        uint8 compartment;
        bool superseded;
        bytes32 envelope;
    }

    ParticipantRegistry private immutable _participants;
    ConsentRegistry private immutable _consents;
    RecordIndex private immutable _records;
    AccessLog private immutable _log;

    address[] public actors;
    uint256 private constant PLACES = 8;

    RecordId[] public recordIds;
    address private immutable _manager;

    // The model
    mapping(address actor => bool) public isPatient;
    mapping(address actor => bytes32) public publicKey;
    mapping(address actor => ProviderModel) public provider;
    mapping(address patient => mapping(address accessor => Consent)) private _consent;
    mapping(RecordId => RecordModel) private _record;
    mapping(RecordId => mapping(address accessor => bool)) public restricted;
    mapping(address patient => bytes28) public head;
    mapping(address patient => uint32) public count;
    mapping(address accessor => uint32) public openings;
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
        provider[caller] = ProviderModel(ProviderStatus.Applied, application.role, 0);
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

    // Consents

    function grantConsent(uint256 who, uint256 whom, uint256 scope, uint256 time) external {
        (address caller, address accessor, Consent memory consent) =
            (_actor(who), _actor(whom), _anyConsent(scope, time));
        if (!_call(caller, address(_consents), abi.encodeCall(_consents.grantConsent, (accessor, consent)))) return;

        _must(isPatient[caller] && accessor != caller, "grantConsent");
        _must(_consent[caller][accessor].expiresAt <= block.timestamp, "grantConsent: one stood");
        _consent[caller][accessor] = consent;
        ++done["grantConsent"];
    }

    function amendConsent(uint256 who, uint256 whom, uint256 scope, uint256 time) external {
        (address caller, address accessor, Consent memory consent) =
            (_actor(who), _actor(whom), _anyConsent(scope, time));
        if (!_call(caller, address(_consents), abi.encodeCall(_consents.amendConsent, (accessor, consent)))) return;

        _must(_consent[caller][accessor].expiresAt > block.timestamp, "amendConsent");
        _consent[caller][accessor] = consent;
    }

    function revokeConsent(uint256 who, uint256 whom) external {
        (address caller, address accessor) = (_actor(who), _actor(whom));
        if (!_call(caller, address(_consents), abi.encodeCall(_consents.revokeConsent, (accessor)))) return;

        _must(_consent[caller][accessor].expiresAt != 0, "revokeConsent");
        delete _consent[caller][accessor];
        ++done["revokeConsent"];
    }

    function restrictRecord(uint256 who, uint256 whom, uint256 which) external {
        (address caller, address accessor, RecordId recordId) =
            (_ownerOr(who, which), _actorOrNobody(whom), _recordId(which));
        if (!_call(caller, address(_consents), abi.encodeCall(_consents.restrictRecord, (recordId, accessor)))) return;

        _must(_record[recordId].patient == caller, "restrictRecord");
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
        (address caller, address owner, RecordId recordId) = (_actor(who), _actor(whose), _recordId(which));
        compartment %= 66;
        if (!_call(caller, address(_records), abi.encodeCall(_records.addRecord, (recordId, owner, compartment)))) {
            return;
        }

        Consent memory consent = _consent[owner][caller];
        bool byPatient = isPatient[caller] && owner == caller;
        bool byWriter = _counts(caller) && consent.mayWrite && _stands(consent)
            && (CompartmentSet.unwrap(consent.compartments) >> compartment) & 1 == 1;
        _must(byPatient || byWriter, "addRecord");
        _created(recordId, owner, caller, compartment, RecordStatus.Active);
        ++done["addRecord"];
    }

    function submitRecord(uint256 who, uint256 whose, uint256 which) external {
        (address caller, address owner, RecordId recordId) = (_actor(who), _actor(whose), _recordId(which));
        if (!_call(caller, address(_records), abi.encodeCall(_records.submitRecord, (recordId, owner)))) return;

        _must(_counts(caller) && isPatient[owner], "submitRecord");
        _created(recordId, owner, caller, 0, RecordStatus.Pending);
        ++done["submitRecord"];
    }

    function acceptRecord(uint256 who, uint256 which, uint8 compartment) external {
        (address caller, RecordId recordId) = (_ownerOr(who, which), _recordId(which));
        compartment %= 66;
        if (!_call(caller, address(_records), abi.encodeCall(_records.acceptRecord, (recordId, compartment)))) return;

        RecordModel storage record = _mustOwn(caller, recordId, RecordStatus.Pending, "acceptRecord");
        _must(compartment < 64, "acceptRecord: compartment");
        (record.status, record.compartment) = (RecordStatus.Active, compartment);
    }

    function rejectRecord(uint256 who, uint256 which) external {
        (address caller, RecordId recordId) = (_ownerOr(who, which), _recordId(which));
        if (!_call(caller, address(_records), abi.encodeCall(_records.rejectRecord, (recordId)))) return;

        _mustOwn(caller, recordId, RecordStatus.Pending, "rejectRecord").status = RecordStatus.Rejected;
    }

    function supersedeRecord(uint256 who, uint256 which, uint256 whichBefore) external {
        (address caller, RecordId recordId, RecordId previous) =
            (_ownerOr(who, which), _recordId(which), _recordId(whichBefore));
        if (!_call(caller, address(_records), abi.encodeCall(_records.supersedeRecord, (recordId, previous)))) return;

        RecordModel storage newer = _record[recordId];
        RecordModel storage older = _record[previous];
        bool byAuthor = newer.author == caller && older.author == caller && _counts(caller);
        _must(older.patient == caller || byAuthor, "supersedeRecord");
        _must(older.patient == newer.patient && !newer.superseded && !older.superseded, "supersedeRecord: versions");
        older.superseded = true;
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
    }

    // Openings

    function openRecords(uint256 who, uint256 which, uint256 size, uint256 purposeSeed) external {
        address caller = _actor(who);
        Purpose purpose = Purpose(purposeSeed % 3);
        RecordId[] memory ids = new RecordId[](size % 4);
        for (uint256 i = 0; i < ids.length; ++i) {
            ids[i] = _recordId((which >> (8 * i)) % 8);
        }
        _open(caller, ids, purpose, keccak256(abi.encode(which, size)));
    }

    /// @notice Random callers rarely hold a consent: this one looks for somebody who may, and opens up to four times,
    /// so that rings go round.
    function openAsSomebodyWhoMay(uint256 who, uint256 times) external {
        for (uint256 i = 0; i < actors.length * recordIds.length; ++i) {
            address caller = _actor(who + i / recordIds.length);
            RecordId[] memory ids = new RecordId[](1);
            ids[0] = recordIds[i % recordIds.length];
            if (expectedDecision(caller, ids[0], Purpose.Treatment) != Decision.Permit) continue;
            for (uint256 j = 0; j <= times % 4; ++j) {
                _open(caller, ids, Purpose.Treatment, keccak256(abi.encode(times, j)));
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
        if (record.status == RecordStatus.None) return Decision.RecordUnknown;
        if (record.status != RecordStatus.Active) return Decision.RecordNotActive;
        if (isPatient[accessor] && accessor == record.patient) return Decision.Permit;

        ProviderModel storage p = provider[accessor];
        if (p.status == ProviderStatus.None) return Decision.AccessorUnknown;
        if (p.status == ProviderStatus.Applied) return Decision.AccessorNotVerified;
        if (p.status == ProviderStatus.Suspended) return Decision.AccessorSuspended;
        if (p.expiresAt <= block.timestamp) return Decision.AccessorExpired;

        Consent storage consent = _consent[record.patient][accessor];
        if (consent.expiresAt == 0) return Decision.ConsentMissing;
        if (consent.startsAt > block.timestamp) return Decision.ConsentNotYetValid;
        if (consent.expiresAt <= block.timestamp) return Decision.ConsentExpired;
        if (PurposeSet.unwrap(consent.purposes) & (1 << uint8(purpose)) == 0) return Decision.PurposeNotConsented;
        if (CompartmentSet.unwrap(consent.compartments) & (uint64(1) << record.compartment) == 0) {
            return Decision.CompartmentNotConsented;
        }
        if (restricted[recordId][accessor] || restricted[recordId][address(0)]) return Decision.RecordRestricted;
        return Decision.Permit;
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

    function _open(address caller, RecordId[] memory ids, Purpose purpose, bytes32 keyHash) private {
        // P7: a participant's call never fails for a refusal; nobody else's leaves an entry.
        bool entitled = ids.length != 0 && (isPatient[caller] || _counts(caller));
        vm.recordLogs();
        vm.prank(caller);
        (bool succeeded,) = address(_log).call(abi.encodeCall(_log.openRecords, (ids, purpose, keyHash)));
        Vm.Log[] memory entries = vm.getRecordedLogs();
        _must(succeeded == entitled, "openRecords: who may");
        _must(entries.length == (succeeded ? ids.length : 0), "openRecords: one entry a record");
        if (!succeeded) return;

        uint256 permitted = 0;
        RecordId[] memory opened = new RecordId[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            Decision decision = _follow(entries[i]);
            _must(decision == expectedDecision(caller, ids[i], purpose), "openRecords: decision");
            if (decision == Decision.Permit) opened[permitted++] = ids[i];
        }
        Opening memory opening = Opening(caller, openings[caller], purpose, uint48(block.timestamp), keyHash, ids);
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
        ++openings[caller];
        ++done["permitted"];
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
        _record[recordId] = RecordModel(status, owner, author, compartment, false, RecordId.unwrap(recordId));
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

    /// @dev Places beyond the list are records that nobody ever makes.
    function _recordId(uint256 seed) private view returns (RecordId) {
        uint256 place = seed % PLACES;
        return place < recordIds.length ? recordIds[place] : RecordId.wrap(keccak256(abi.encode("nobody's", place)));
    }

    function _application(uint256 seed) private pure returns (Application memory) {
        return Application(Role(seed % 3), AREA, address(0), CREDENTIAL);
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
