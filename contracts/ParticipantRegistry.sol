// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {PatientContext} from "./PatientContext.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {PatientSlot, PatientSlots} from "./libraries/PatientSlot.sol";
import {ProviderSlot, ProviderSlots} from "./libraries/ProviderSlot.sol";
import {Application, Enrolment, Provider, ProviderStatus, Role, Verification, Voucher} from "./types/Types.sol";

/// @title ParticipantRegistry
/// @notice See `IParticipantRegistry`, which is the manual.
contract ParticipantRegistry is IParticipantRegistry, PatientContext, EIP712 {
    /// @notice The role in the AccessManager whose members are auditors.
    uint64 public constant AUDITOR_ROLE = 1;

    /// @notice How many providers one call verifies, vouches for or drops.
    uint256 public constant MAX_PROVIDERS = 100;

    /// @notice EIP-712 type of what a patient signs to be enrolled.
    bytes32 private constant ENROLMENT_TYPEHASH =
        keccak256("Enrolment(address patient,uint32 area,bytes32 pid,bytes32 publicKeyHash,uint48 deadline)");

    /// @notice EIP-712 type of what a manager signs to verify a provider.
    bytes32 private constant VOUCHER_TYPEHASH = keccak256(
        "Voucher(address provider,address manager,uint8 role,uint32 area,address organisation,"
        "bytes32 credentialHash,uint48 expiresAt,uint48 deadline)"
    );

    /// @notice Who grants the roles of managers and auditors.
    IAccessManager public immutable AUTHORITY;

    /// @notice The access log, which suspends whoever collected too many strikes.
    address public immutable LOG;

    /// @notice The emergencies, whose reviews suspend whoever broke the glass without a reason.
    address internal immutable EMERGENCIES;

    mapping(bytes32 areaAndPid => address patient) private _patients;
    mapping(address patientOrWallet => PatientSlot) private _slots;
    // Only of patients who changed their wallet: of everybody else it stands in the slot.
    mapping(address patient => bytes32 publicKeyHash) private _publicKeyHashes;
    mapping(address provider => ProviderSlot) private _providers;

    /// @param authority The AccessManager that grants roles.
    /// @param log The access log.
    /// @param guardianship Who acts for patients, and moves them to another wallet.
    /// @param emergencies The emergencies.
    /// @param forwarder Relays signed requests (ERC-2771).
    constructor(IAccessManager authority, address log, address guardianship, address emergencies, address forwarder)
        PatientContext(guardianship, forwarder)
        EIP712("Chartkey", "1")
    {
        AUTHORITY = authority;
        LOG = log;
        EMERGENCIES = emergencies;
    }

    /// @inheritdoc IParticipantRegistry
    function registerPatient(uint32 area, bytes32 pid, bytes32 publicKeyHash) external {
        _registerPatient(_msgSender(), area, pid, publicKeyHash);
    }

    /// @inheritdoc IParticipantRegistry
    function enrolPatient(Enrolment calldata enrolment, bytes calldata signature) external {
        _requireManager(enrolment.area);
        _requireInTime(enrolment.deadline);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    ENROLMENT_TYPEHASH,
                    enrolment.patient,
                    enrolment.area,
                    enrolment.pid,
                    enrolment.publicKeyHash,
                    enrolment.deadline
                )
            )
        );
        _requireSigned(enrolment.patient, digest, signature);

        _registerPatient(enrolment.patient, enrolment.area, enrolment.pid, enrolment.publicKeyHash);
    }

    /// @inheritdoc IParticipantRegistry
    function changePublicKey(bytes32 publicKeyHash) external {
        address patient = _callingPatient();
        if (patient == address(0)) revert NotPatient(_msgSender());

        if (_slots[patient].isMoved()) _publicKeyHashes[patient] = publicKeyHash;
        else _slots[patient] = PatientSlots.create(publicKeyHash);

        emit PublicKeyChanged(patient, publicKeyHash);
    }

    /// @inheritdoc IParticipantRegistry
    function moveWallet(address patient, address wallet) external {
        if (msg.sender != GUARDIANSHIP) revert NotGuardianship(msg.sender);
        PatientSlot slot = _slots[patient];
        address from = slot.walletOf(patient);
        if (from == address(0)) revert NotPatient(patient);
        if (!_slots[wallet].isFree()) revert AlreadyPatient(wallet);

        if (slot.isMoved()) _slots[from] = PatientSlots.left();
        else _publicKeyHashes[patient] = slot.publicKeyHash();
        _slots[patient] = PatientSlots.moved(wallet);
        _slots[wallet] = PatientSlots.walletFor(patient);

        emit WalletChanged(patient, from, wallet);
    }

    /// @inheritdoc IParticipantRegistry
    function registerProvider(Application calldata application) external {
        address provider = _msgSender();
        if (application.role == Role.None) revert RoleMissing();
        if (_providers[provider].status() == ProviderStatus.Suspended) {
            revert ProviderNotInStatus(provider, ProviderStatus.Suspended, ProviderStatus.Applied);
        }

        _providers[provider] = ProviderSlots.applied(application);

        emit ProviderRegistered(provider, application.area, application);
    }

    /// @inheritdoc IParticipantRegistry
    function registerVerifiedProvider(Voucher memory voucher, bytes calldata signature) external {
        address provider = _msgSender();
        Application memory application = voucher.application;
        if (application.role == Role.None) revert RoleMissing();
        _requireInTime(voucher.deadline);
        _requireFuture(voucher.expiresAt);
        // Only who never applied: a voucher that was used can't bring back what a manager changed since.
        _requireStatus(provider, _providers[provider].status(), ProviderStatus.None);
        if (!isManager(voucher.manager, application.area)) revert NotManager(voucher.manager, application.area);
        _requireSigned(voucher.manager, _voucherDigest(provider, voucher), signature);

        _providers[provider] = ProviderSlots.verified(application, voucher.expiresAt);

        emit ProviderVerified(provider, voucher.manager, application.area, application, voucher.expiresAt);
    }

    /// @inheritdoc IParticipantRegistry
    function verifyProvider(address provider, Application calldata application, uint48 expiresAt) external {
        _verify(provider, application, expiresAt);
    }

    /// @inheritdoc IParticipantRegistry
    function verifyProviders(Verification[] calldata verifications) external {
        _requireBatch(verifications.length);

        for (uint256 i = 0; i < verifications.length; ++i) {
            _verify(verifications[i].provider, verifications[i].application, verifications[i].expiresAt);
        }
    }

    /// @inheritdoc IParticipantRegistry
    function renewProvider(address provider, uint48 expiresAt) external {
        _requireFuture(expiresAt);

        _providers[provider] = _requireManaged(provider, ProviderStatus.Verified).withExpiry(expiresAt);

        emit ProviderRenewed(provider, _msgSender(), expiresAt);
    }

    /// @inheritdoc IParticipantRegistry
    function suspendProvider(address provider) external {
        _suspend(provider, _requireManaged(provider, ProviderStatus.Verified), _msgSender());
    }

    /// @inheritdoc IParticipantRegistry
    function suspendForStrikes(address provider) external {
        if (msg.sender != LOG) revert NotLog(msg.sender);
        ProviderSlot slot = _providers[provider];
        _requireStatus(provider, slot.status(), ProviderStatus.Verified);

        _suspend(provider, slot, LOG);
    }

    /// @inheritdoc IParticipantRegistry
    function suspendForReview(address provider, address manager) external {
        if (msg.sender != EMERGENCIES) revert NotEmergencies(msg.sender);
        ProviderSlot slot = _providers[provider];

        // Who applied anew since counts no more anyway.
        if (slot.status() == ProviderStatus.Verified) _suspend(provider, slot, manager);
    }

    /// @inheritdoc IParticipantRegistry
    function reinstateProvider(address provider) external {
        ProviderSlot slot = _requireManaged(provider, ProviderStatus.Suspended);

        _providers[provider] = slot.withStatus(ProviderStatus.Verified);

        emit ProviderReinstated(provider, _msgSender());
    }

    /// @inheritdoc IParticipantRegistry
    function vouchForMembers(address[] calldata members) external {
        address organisation = _msgSender();
        _requireBatch(members.length);
        if (!isVerified(organisation)) revert NotVerified(organisation);

        for (uint256 i = 0; i < members.length; ++i) {
            ProviderSlot slot = _providers[members[i]];
            _requireStatus(members[i], slot.status(), ProviderStatus.Verified);
            if (slot.unpack().organisation != organisation) revert NotYourMember(members[i], organisation);

            _providers[members[i]] = slot.withVouched(true);

            emit MemberVouched(organisation, members[i]);
        }
    }

    /// @inheritdoc IParticipantRegistry
    function dropMembers(address[] calldata members) external {
        address organisation = _msgSender();
        _requireBatch(members.length);

        for (uint256 i = 0; i < members.length; ++i) {
            ProviderSlot slot = _providers[members[i]];
            if (organisation == address(0) || slot.membership() != organisation) {
                revert NotYourMember(members[i], organisation);
            }

            _providers[members[i]] = slot.withVouched(false);

            emit MemberDropped(organisation, members[i]);
        }
    }

    /// @inheritdoc IParticipantRegistry
    function patientAt(uint32 area, bytes32 pid) external view returns (address patient) {
        return _patients[_areaAndPid(area, pid)];
    }

    /// @inheritdoc IParticipantRegistry
    function publicKeyHashOf(address patient) external view returns (bytes32 publicKeyHash) {
        PatientSlot slot = _slots[patient];
        return slot.isMoved() ? _publicKeyHashes[patient] : slot.publicKeyHash();
    }

    /// @inheritdoc IParticipantRegistry
    function providerOf(address provider) external view returns (Provider memory) {
        return _providers[provider].unpack();
    }

    /// @inheritdoc IParticipantRegistry
    function slotOfProvider(address account) external view returns (ProviderSlot) {
        return _providers[account];
    }

    /// @inheritdoc IParticipantRegistry
    function isAuditor(address account) external view returns (bool) {
        (bool isMember,) = AUTHORITY.hasRole(AUDITOR_ROLE, account);
        return isMember;
    }

    /// @inheritdoc IParticipantRegistry
    function isVerifiedAndPatient(address provider, address patient) external view returns (bool verified, bool known) {
        return (isVerified(provider), _slots[patient].walletOf(patient) != address(0));
    }

    /// @inheritdoc IParticipantRegistry
    function walletOf(address patient) external view returns (address wallet) {
        return _slots[patient].walletOf(patient);
    }

    /// @inheritdoc IParticipantRegistry
    function isFree(address wallet) external view returns (bool) {
        return _slots[wallet].isFree();
    }

    /// @inheritdoc IParticipantRegistry
    function isVerified(address provider) public view returns (bool) {
        return _providers[provider].counts();
    }

    /// @inheritdoc IParticipantRegistry
    function patientOf(address wallet) public view returns (address patient) {
        return _slots[wallet].patientOf(wallet);
    }

    /// @inheritdoc IParticipantRegistry
    function isManager(address account, uint32 area) public view returns (bool) {
        (bool isMember,) = AUTHORITY.hasRole(managerRole(area), account);
        return isMember;
    }

    /// @inheritdoc IParticipantRegistry
    function managerRole(uint32 area) public pure returns (uint64) {
        // Above every 32-bit number, so that no area's role meets ADMIN_ROLE (0) or AUDITOR_ROLE (1).
        return (uint64(1) << 32) | area;
    }

    function _registerPatient(address patient, uint32 area, bytes32 pid, bytes32 publicKeyHash) private {
        if (pid == 0) revert PidMissing();
        if (!_slots[patient].isFree()) revert AlreadyPatient(patient);
        bytes32 key = _areaAndPid(area, pid);
        if (_patients[key] != address(0)) revert PidTaken(area, pid);

        _patients[key] = patient;
        _slots[patient] = PatientSlots.create(publicKeyHash);

        emit PatientRegistered(patient, area, pid, publicKeyHash);
    }

    function _verify(address provider, Application calldata application, uint48 expiresAt) private {
        _requireManager(application.area);
        _requireFuture(expiresAt);
        ProviderSlot slot = _providers[provider];
        _requireStatus(provider, slot.status(), ProviderStatus.Applied);
        if (ProviderSlot.unwrap(slot) != ProviderSlot.unwrap(ProviderSlots.applied(application))) {
            revert ApplicationChanged(provider);
        }

        _providers[provider] = ProviderSlots.verified(application, expiresAt);

        emit ProviderVerified(provider, _msgSender(), application.area, application, expiresAt);
    }

    function _suspend(address provider, ProviderSlot slot, address by) private {
        _providers[provider] = slot.withStatus(ProviderStatus.Suspended);

        emit ProviderSuspended(provider, by);
    }

    function _requireManaged(address provider, ProviderStatus needed) private view returns (ProviderSlot slot) {
        slot = _providers[provider];
        _requireStatus(provider, slot.status(), needed);
        _requireManager(slot.unpack().area);
    }

    function _callingPatient() private view returns (address) {
        return _represented() ? _representedPatient() : patientOf(_msgSender());
    }

    function _requireFuture(uint48 expiresAt) private view {
        if (expiresAt <= block.timestamp) revert ExpiryInPast(expiresAt);
    }

    function _requireInTime(uint48 deadline) private view {
        if (deadline < block.timestamp) revert DeadlinePassed(deadline);
    }

    function _requireManager(uint32 area) private view {
        if (!isManager(_msgSender(), area)) revert NotManager(_msgSender(), area);
    }

    function _requireSigned(address signer, bytes32 digest, bytes calldata signature) private view {
        // The signature of a key first: asking whether the signer is a contract costs as much as a cold account.
        (address recovered, ECDSA.RecoverError failed,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failed == ECDSA.RecoverError.NoError && recovered == signer) return;
        if (!SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature)) {
            revert SignatureInvalid(signer);
        }
    }

    function _voucherDigest(address provider, Voucher memory voucher) private view returns (bytes32) {
        Application memory a = voucher.application;
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    VOUCHER_TYPEHASH,
                    provider,
                    voucher.manager,
                    a.role,
                    a.area,
                    a.organisation,
                    a.credentialHash,
                    voucher.expiresAt,
                    voucher.deadline
                )
            )
        );
    }

    function _requireStatus(address provider, ProviderStatus actual, ProviderStatus needed) private pure {
        if (actual != needed) revert ProviderNotInStatus(provider, actual, needed);
    }

    function _requireBatch(uint256 size) private pure {
        if (size == 0 || size > MAX_PROVIDERS) revert BatchSizeInvalid(size, MAX_PROVIDERS);
    }

    function _areaAndPid(uint32 area, bytes32 pid) private pure returns (bytes32) {
        return keccak256(abi.encode(area, pid));
    }
}
