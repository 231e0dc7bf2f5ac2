// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Application, Provider, ProviderStatus} from "../types/Types.sol";

/// @title Who is who
/// @notice Patients, providers, auditors. A patient is `<area, pid>`; a provider counts only after the manager of
/// its area verified it; managers and auditors are members of roles that governance (an OpenZeppelin AccessManager,
/// with its delay) grants.
/// @dev A patient's id is the address of the wallet that registered, kept for good: records, consents and log heads
/// carry the id, so that a change of wallet costs the same with one record and with a million.
///
/// Warning: whoever holds a manager's key can verify a false provider of that area. That provider still reads
/// nothing without a patient's consent.
interface IParticipantRegistry {
    /// @notice A patient registered.
    /// @param patient The patient's id: the wallet that registered.
    /// @param area The area.
    /// @param pid The salted commitment that names the patient in the area.
    /// @param publicKeyHash SHA-256 of the patient's public key; zero for none yet.
    event PatientRegistered(address indexed patient, uint32 indexed area, bytes32 indexed pid, bytes32 publicKeyHash);

    /// @notice A patient registered another public key. Earlier ones stay in earlier events.
    /// @param patient The patient's id.
    /// @param publicKeyHash SHA-256 of the new public key.
    event PublicKeyChanged(address indexed patient, bytes32 publicKeyHash);

    /// @notice A provider applied, for the first time or anew.
    /// @param provider Its address.
    /// @param area The area whose manager is asked.
    /// @param application What it applied with.
    event ProviderRegistered(address indexed provider, uint32 indexed area, Application application);

    /// @notice A manager verified a provider.
    /// @param provider Its address.
    /// @param manager Who verified.
    /// @param expiresAt Unix time in seconds from which it counts no more.
    event ProviderVerified(address indexed provider, address indexed manager, uint48 expiresAt);

    /// @notice A manager renewed a provider.
    /// @param provider Its address.
    /// @param manager Who renewed.
    /// @param expiresAt Unix time in seconds from which it counts no more.
    event ProviderRenewed(address indexed provider, address indexed manager, uint48 expiresAt);

    /// @notice A manager suspended a provider.
    /// @param provider Its address.
    /// @param manager Who suspended.
    event ProviderSuspended(address indexed provider, address indexed manager);

    /// @notice A manager reinstated a suspended provider.
    /// @param provider Its address.
    /// @param manager Who reinstated.
    event ProviderReinstated(address indexed provider, address indexed manager);

    /// @notice The pid is the zero value.
    error PidMissing();

    /// @notice Somebody holds this `<area, pid>` already.
    error PidTaken(uint32 area, bytes32 pid);

    /// @notice This wallet is a patient's already.
    error AlreadyPatient(address wallet);

    /// @notice The caller is no patient.
    error NotPatient(address wallet);

    /// @notice A provider needs a role.
    error RoleMissing();

    /// @notice The provider is not in the state that the call needs.
    error ProviderNotInStatus(address provider, ProviderStatus actual, ProviderStatus needed);

    /// @notice The provider applied with something else than what is being verified.
    error ApplicationChanged(address provider);

    /// @notice The caller does not manage this area.
    error NotManager(address caller, uint32 area);

    /// @notice The time lies in the past.
    error ExpiryInPast(uint48 expiresAt);

    /// @notice Registers the caller as the patient `<area, pid>`.
    /// @param area The area, chosen by the patient.
    /// @param pid A salted commitment made in the patient's browser, not zero, unique in its area.
    /// @param publicKeyHash SHA-256 of the patient's HPKE public key; zero for none yet (and one counts as none).
    /// @dev Anyone who is no patient yet may call.
    ///
    /// Warning: never a bare hash of a national number: whoever can enumerate those numbers would find the patient.
    function registerPatient(uint32 area, bytes32 pid, bytes32 publicKeyHash) external;

    /// @notice Replaces the caller's public key.
    /// @param publicKeyHash SHA-256 of the new public key; zero to have none (and one counts as none).
    /// @dev Patients only.
    function changePublicKey(bytes32 publicKeyHash) external;

    /// @notice Applies to be a provider. Who is verified and applies anew counts no more until verified anew.
    /// @param application Role (not `None`), area, organisation and credential hash; all published.
    /// @dev Anyone may call, unless suspended.
    function registerProvider(Application calldata application) external;

    /// @notice Verifies a provider that applied.
    /// @param provider Its address.
    /// @param application What the manager read; must be what the provider applied with last.
    /// @param expiresAt Unix time in seconds, in the future.
    /// @dev The manager of the application's area only.
    function verifyProvider(address provider, Application calldata application, uint48 expiresAt) external;

    /// @notice Renews a verified provider, also one whose verification has expired.
    /// @param provider Its address.
    /// @param expiresAt Unix time in seconds, in the future.
    /// @dev The manager of the provider's area only.
    function renewProvider(address provider, uint48 expiresAt) external;

    /// @notice Suspends a verified provider: from this block on it opens nothing.
    /// @param provider Its address.
    /// @dev The manager of the provider's area only.
    function suspendProvider(address provider) external;

    /// @notice Lifts a suspension.
    /// @param provider Its address.
    /// @dev The manager of the provider's area only.
    function reinstateProvider(address provider) external;

    /// @notice The id of the patient `<area, pid>`; zero for none.
    /// @param area The area.
    /// @param pid The salted commitment.
    /// @return patient The patient's id.
    function patientAt(uint32 area, bytes32 pid) external view returns (address patient);

    /// @notice The id of the patient whose current wallet this is; zero for none.
    /// @param wallet The wallet.
    /// @return patient The patient's id.
    function patientOf(address wallet) external view returns (address patient);

    /// @notice SHA-256 of a patient's public key; zero for none.
    /// @param patient The patient's id.
    /// @return publicKeyHash The digest.
    function publicKeyHashOf(address patient) external view returns (bytes32 publicKeyHash);

    /// @notice A provider as it stands; all zero for none, and the status alone for an applicant.
    /// @param provider Its address.
    /// @return The provider.
    function providerOf(address provider) external view returns (Provider memory);

    /// @notice What a decision needs to know of an account, in one call: whether it is a patient's wallet, and where
    /// it stands as a provider.
    /// @param account The account.
    /// @return patient The id of the patient whose current wallet it is; zero for none.
    /// @return status Where it stands as a provider.
    /// @return expiresAt Unix time in seconds from which it counts no more as a provider; zero until it was verified.
    function standingOf(address account)
        external
        view
        returns (address patient, ProviderStatus status, uint48 expiresAt);

    /// @notice Whether a provider is verified and not expired.
    /// @param provider Its address.
    /// @return Whether it counts.
    function isVerified(address provider) external view returns (bool);

    /// @notice Whether an account manages an area.
    /// @param account The account.
    /// @param area The area.
    /// @return Whether it does.
    function isManager(address account, uint32 area) external view returns (bool);

    /// @notice Whether an account was appointed as auditor.
    /// @param account The account.
    /// @return Whether it was.
    function isAuditor(address account) external view returns (bool);

    /// @notice The role in the AccessManager whose members manage `area`.
    /// @param area The area.
    /// @return The role's id.
    function managerRole(uint32 area) external pure returns (uint64);
}
