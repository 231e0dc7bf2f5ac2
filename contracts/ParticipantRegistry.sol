// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {ProviderSlot, ProviderSlots} from "./libraries/ProviderSlot.sol";
import {Application, Provider, ProviderStatus, Role} from "./types/Types.sol";

/// @title ParticipantRegistry
/// @notice See `IParticipantRegistry`, which is the manual.
contract ParticipantRegistry is IParticipantRegistry {
    /// @notice The role in the AccessManager whose members are auditors.
    uint64 public constant AUDITOR_ROLE = 1;

    /// @notice Stands for "no key yet", so that one slot tells both that a patient is registered and its key.
    bytes32 private constant NO_KEY = bytes32(uint256(1));

    /// @notice Who grants the roles of managers and auditors.
    IAccessManager public immutable AUTHORITY;

    mapping(bytes32 areaAndPid => address patient) private _patients;
    mapping(address patient => bytes32 publicKeyHash) private _publicKeyHashes;
    mapping(address provider => ProviderSlot) private _providers;

    /// @param authority The AccessManager that grants roles.
    constructor(IAccessManager authority) {
        AUTHORITY = authority;
    }

    /// @inheritdoc IParticipantRegistry
    function registerPatient(uint32 area, bytes32 pid, bytes32 publicKeyHash) external {
        if (pid == 0) revert PidMissing();
        if (_publicKeyHashes[msg.sender] != 0) revert AlreadyPatient(msg.sender);
        bytes32 key = _areaAndPid(area, pid);
        if (_patients[key] != address(0)) revert PidTaken(area, pid);

        _patients[key] = msg.sender;
        _publicKeyHashes[msg.sender] = publicKeyHash == 0 ? NO_KEY : publicKeyHash;

        emit PatientRegistered(msg.sender, area, pid, publicKeyHash);
    }

    /// @inheritdoc IParticipantRegistry
    function changePublicKey(bytes32 publicKeyHash) external {
        address patient = patientOf(msg.sender);
        if (patient == address(0)) revert NotPatient(msg.sender);

        _publicKeyHashes[patient] = publicKeyHash == 0 ? NO_KEY : publicKeyHash;

        emit PublicKeyChanged(patient, publicKeyHash);
    }

    /// @inheritdoc IParticipantRegistry
    function registerProvider(Application calldata application) external {
        if (application.role == Role.None) revert RoleMissing();
        if (_providers[msg.sender].status() == ProviderStatus.Suspended) {
            revert ProviderNotInStatus(msg.sender, ProviderStatus.Suspended, ProviderStatus.Applied);
        }

        _providers[msg.sender] = ProviderSlots.applied(application);

        emit ProviderRegistered(msg.sender, application.area, application);
    }

    /// @inheritdoc IParticipantRegistry
    function verifyProvider(address provider, Application calldata application, uint48 expiresAt) external {
        _requireManager(application.area);
        _requireFuture(expiresAt);
        ProviderSlot slot = _providers[provider];
        _requireStatus(provider, slot.status(), ProviderStatus.Applied);
        if (ProviderSlot.unwrap(slot) != ProviderSlot.unwrap(ProviderSlots.applied(application))) {
            revert ApplicationChanged(provider);
        }

        _providers[provider] = ProviderSlots.pack(
            Provider({
                role: application.role,
                status: ProviderStatus.Verified,
                area: application.area,
                expiresAt: expiresAt,
                organisation: application.organisation
            })
        );

        emit ProviderVerified(provider, msg.sender, expiresAt);
    }

    /// @inheritdoc IParticipantRegistry
    function renewProvider(address provider, uint48 expiresAt) external {
        _requireFuture(expiresAt);
        Provider memory p = _requireManaged(provider, ProviderStatus.Verified);

        p.expiresAt = expiresAt;
        _providers[provider] = ProviderSlots.pack(p);

        emit ProviderRenewed(provider, msg.sender, expiresAt);
    }

    /// @inheritdoc IParticipantRegistry
    function suspendProvider(address provider) external {
        Provider memory p = _requireManaged(provider, ProviderStatus.Verified);

        p.status = ProviderStatus.Suspended;
        _providers[provider] = ProviderSlots.pack(p);

        emit ProviderSuspended(provider, msg.sender);
    }

    /// @inheritdoc IParticipantRegistry
    function reinstateProvider(address provider) external {
        Provider memory p = _requireManaged(provider, ProviderStatus.Suspended);

        p.status = ProviderStatus.Verified;
        _providers[provider] = ProviderSlots.pack(p);

        emit ProviderReinstated(provider, msg.sender);
    }

    /// @inheritdoc IParticipantRegistry
    function patientAt(uint32 area, bytes32 pid) external view returns (address patient) {
        return _patients[_areaAndPid(area, pid)];
    }

    /// @inheritdoc IParticipantRegistry
    function publicKeyHashOf(address patient) external view returns (bytes32 publicKeyHash) {
        publicKeyHash = _publicKeyHashes[patient];
        if (publicKeyHash == NO_KEY) return 0;
    }

    /// @inheritdoc IParticipantRegistry
    function providerOf(address provider) external view returns (Provider memory) {
        return _providers[provider].unpack();
    }

    /// @inheritdoc IParticipantRegistry
    function standingOf(address account)
        external
        view
        returns (address patient, ProviderStatus status, uint48 expiresAt)
    {
        ProviderSlot slot = _providers[account];
        return (patientOf(account), slot.status(), slot.expiresAt());
    }

    /// @inheritdoc IParticipantRegistry
    function isVerified(address provider) external view returns (bool) {
        ProviderSlot slot = _providers[provider];
        return slot.status() == ProviderStatus.Verified && block.timestamp < slot.expiresAt();
    }

    /// @inheritdoc IParticipantRegistry
    function isAuditor(address account) external view returns (bool) {
        (bool isMember,) = AUTHORITY.hasRole(AUDITOR_ROLE, account);
        return isMember;
    }

    /// @inheritdoc IParticipantRegistry
    function patientOf(address wallet) public view returns (address patient) {
        return _publicKeyHashes[wallet] == 0 ? address(0) : wallet;
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

    function _requireManaged(address provider, ProviderStatus needed) private view returns (Provider memory p) {
        p = _providers[provider].unpack();
        _requireStatus(provider, p.status, needed);
        _requireManager(p.area);
    }

    function _requireStatus(address provider, ProviderStatus actual, ProviderStatus needed) private pure {
        if (actual != needed) revert ProviderNotInStatus(provider, actual, needed);
    }

    function _requireFuture(uint48 expiresAt) private view {
        if (expiresAt <= block.timestamp) revert ExpiryInPast(expiresAt);
    }

    function _requireManager(uint32 area) private view {
        if (!isManager(msg.sender, area)) revert NotManager(msg.sender, area);
    }

    function _areaAndPid(uint32 area, bytes32 pid) private pure returns (bytes32) {
        return keccak256(abi.encode(area, pid));
    }
}
