// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ProviderSlot} from "../libraries/ProviderSlot.sol";
import {Application, Enrolment, Provider, ProviderStatus, Verification, Voucher} from "../types/Types.sol";

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

    /// @notice A patient has another wallet. Id, consents, records and log stay as they are.
    /// @param patient The patient's id.
    /// @param from The wallet until now, which is nobody's from now on.
    /// @param to The wallet from now on.
    event WalletChanged(address indexed patient, address indexed from, address indexed to);

    /// @notice A provider applied, for the first time or anew.
    /// @param provider Its address.
    /// @param area The area whose manager is asked.
    /// @param application What it applied with.
    event ProviderRegistered(address indexed provider, uint32 indexed area, Application application);

    /// @notice A manager verified a provider, by a call or by a voucher.
    /// @param provider Its address.
    /// @param manager Who verified.
    /// @param area The area.
    /// @param application What it was verified as.
    /// @param expiresAt Unix time in seconds from which it counts no more.
    event ProviderVerified(
        address indexed provider,
        address indexed manager,
        uint32 indexed area,
        Application application,
        uint48 expiresAt
    );

    /// @notice A manager renewed a provider.
    /// @param provider Its address.
    /// @param manager Who renewed.
    /// @param expiresAt Unix time in seconds from which it counts no more.
    event ProviderRenewed(address indexed provider, address indexed manager, uint48 expiresAt);

    /// @notice A provider was suspended.
    /// @param provider Its address.
    /// @param manager Who suspended: a manager, also by the review of an emergency, or the access log for too many
    /// strikes.
    event ProviderSuspended(address indexed provider, address indexed manager);

    /// @notice A manager reinstated a suspended provider.
    /// @param provider Its address.
    /// @param manager Who reinstated.
    event ProviderReinstated(address indexed provider, address indexed manager);

    /// @notice An organisation said that a provider is its member.
    /// @param organisation The organisation.
    /// @param member The provider, which had named the organisation when it applied.
    event MemberVouched(address indexed organisation, address indexed member);

    /// @notice An organisation said that a provider is its member no more.
    /// @param organisation The organisation.
    /// @param member The provider.
    event MemberDropped(address indexed organisation, address indexed member);

    /// @notice The pid is the zero value.
    error PidMissing();

    /// @notice Somebody holds this `<area, pid>` already.
    /// @param area The area.
    /// @param pid The pid.
    error PidTaken(uint32 area, bytes32 pid);

    /// @notice This wallet is a patient's already, or was one's once.
    /// @param wallet The wallet.
    error AlreadyPatient(address wallet);

    /// @notice The caller is no patient.
    /// @param wallet The wallet.
    error NotPatient(address wallet);

    /// @notice A provider needs a role.
    error RoleMissing();

    /// @notice The provider is not in the state that the call needs.
    /// @param provider The provider.
    /// @param actual Where it stands.
    /// @param needed Where it would have to stand.
    error ProviderNotInStatus(address provider, ProviderStatus actual, ProviderStatus needed);

    /// @notice The provider applied with something else than what is being verified.
    /// @param provider The provider.
    error ApplicationChanged(address provider);

    /// @notice The caller does not manage this area.
    /// @param caller Who called.
    /// @param area The area.
    error NotManager(address caller, uint32 area);

    /// @notice The time lies in the past.
    /// @param expiresAt The time that was given, Unix time in seconds.
    error ExpiryInPast(uint48 expiresAt);

    /// @notice What was signed could be used until then.
    /// @param deadline Unix time in seconds until which it could.
    error DeadlinePassed(uint48 deadline);

    /// @notice The signature is not this account's over what was passed.
    /// @param signer Whose signature was needed.
    error SignatureInvalid(address signer);

    /// @notice The caller is no verified provider, or its verification ended.
    /// @param caller Who called.
    error NotVerified(address caller);

    /// @notice The provider did not name this organisation, or is no member of it.
    /// @param provider Whom the call names.
    /// @param organisation Who called as its organisation.
    error NotYourMember(address provider, address organisation);

    /// @notice One call takes 1 to `max`.
    /// @param size How many there were.
    /// @param max How many there may be.
    error BatchSizeInvalid(uint256 size, uint256 max);

    /// @notice Only the access log may call this.
    /// @param caller Who called.
    error NotLog(address caller);

    /// @notice Only the guardianship may call this.
    /// @param caller Who called.
    error NotGuardianship(address caller);

    /// @notice Only the emergencies may call this.
    /// @param caller Who called.
    error NotEmergencies(address caller);

    /// @notice Registers the caller as the patient `<area, pid>`.
    /// @param area The area, chosen by the patient.
    /// @param pid A salted commitment made in the patient's browser, not zero, unique in its area.
    /// @param publicKeyHash SHA-256 of the patient's HPKE public key; zero for none yet (and what is below 2^168
    /// counts as none).
    /// @dev Anyone who is no patient yet may call.
    ///
    /// Warning: never a bare hash of a national number: whoever can enumerate those numbers would find the patient.
    function registerPatient(uint32 area, bytes32 pid, bytes32 publicKeyHash) external;

    /// @notice Registers a patient who signed for it: for those who are registered at a desk.
    /// @param enrolment What the patient signed.
    /// @param signature The patient's EIP-712 signature, or an ERC-1271 one of its smart-contract wallet.
    /// @dev A manager of the enrolment's area only. It works once: a patient is registered for good.
    ///
    /// Warning: the manager learns whose wallet this is. It can't sign, read or consent for the patient.
    function enrolPatient(Enrolment calldata enrolment, bytes calldata signature) external;

    /// @notice Replaces the caller's public key.
    /// @param publicKeyHash SHA-256 of the new public key; zero to have none (and what is below 2^168 counts as none).
    /// @dev Patients, and their representatives.
    function changePublicKey(bytes32 publicKeyHash) external;

    /// @notice Gives a patient another wallet, at the same cost whatever the patient has.
    /// @param patient The patient's id.
    /// @param wallet An address that never was a patient's.
    /// @dev The guardianship only (see `IGuardianship`). The wallet until now is nobody's from this block on.
    function moveWallet(address patient, address wallet) external;

    /// @notice Applies to be a provider. Who is verified and applies anew counts no more until verified anew.
    /// @param application Role (not `None`), area, organisation and credential hash; all published.
    /// @dev Anyone may call, unless suspended.
    function registerProvider(Application calldata application) external;

    /// @notice Registers the caller as a provider that a manager has verified by a signature.
    /// @param voucher What the manager signed, for the caller's address.
    /// @param signature The manager's EIP-712 signature, or an ERC-1271 one.
    /// @dev Anyone who never applied. It works once: whoever applied or was verified before goes through a manager's
    /// call, so that an old voucher brings back nothing that was changed since.
    ///
    /// Warning: who ceases to be a manager ends its unused vouchers too; otherwise they end at their deadline.
    function registerVerifiedProvider(Voucher calldata voucher, bytes calldata signature) external;

    /// @notice Verifies a provider that applied.
    /// @param provider Its address.
    /// @param application What the manager read; must be what the provider applied with last.
    /// @param expiresAt Unix time in seconds, in the future.
    /// @dev The manager of the application's area only.
    function verifyProvider(address provider, Application calldata application, uint48 expiresAt) external;

    /// @notice Verifies several providers; all or none.
    /// @param verifications Who, what the manager read, and until when; 1 to `MAX_PROVIDERS`.
    /// @dev The manager of each application's area only.
    function verifyProviders(Verification[] calldata verifications) external;

    /// @notice Renews a verified provider, also one whose verification has expired.
    /// @param provider Its address.
    /// @param expiresAt Unix time in seconds, in the future.
    /// @dev The manager of the provider's area only.
    function renewProvider(address provider, uint48 expiresAt) external;

    /// @notice Suspends a verified provider: from this block on it opens nothing.
    /// @param provider Its address.
    /// @dev The manager of the provider's area only.
    function suspendProvider(address provider) external;

    /// @notice Suspends a provider that collected too many strikes, until a manager reinstates it.
    /// @param provider Its address.
    /// @dev The access log only.
    function suspendForStrikes(address provider) external;

    /// @notice Suspends a provider whose emergency was found unjustified. One that is not verified stays as it is.
    /// @param provider Its address.
    /// @param manager Who found it.
    /// @dev The emergencies only (see `IEmergencyAccess.reviewEmergency`).
    function suspendForReview(address provider, address manager) external;

    /// @notice Says that providers are the caller's members: from now on they inherit the consents it holds.
    /// @param members Verified providers that named the caller as their organisation; 1 to `MAX_PROVIDERS`.
    /// @dev Verified providers only: an organisation is one. Who applies anew has to be vouched for anew.
    ///
    /// Warning: a patient who consents to an organisation relies on it to drop whoever leaves.
    function vouchForMembers(address[] calldata members) external;

    /// @notice Says that providers are the caller's members no more.
    /// @param members Members of the caller; 1 to `MAX_PROVIDERS`.
    /// @dev Their organisation only, also while it doesn't count itself.
    function dropMembers(address[] calldata members) external;

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

    /// @notice The current wallet of a patient; zero for none.
    /// @param patient The patient's id.
    /// @return wallet The wallet.
    function walletOf(address patient) external view returns (address wallet);

    /// @notice Whether an address never was a patient's, so that it can become one's wallet.
    /// @param wallet The address.
    /// @return Whether it was not.
    function isFree(address wallet) external view returns (bool);

    /// @notice SHA-256 of a patient's public key; zero for none.
    /// @param patient The patient's id.
    /// @return publicKeyHash The digest.
    function publicKeyHashOf(address patient) external view returns (bytes32 publicKeyHash);

    /// @notice A provider as it stands; all zero for none, and the status alone for an applicant.
    /// @param provider Its address.
    /// @return The provider.
    function providerOf(address provider) external view returns (Provider memory);

    /// @notice What a decision needs to know of an account, in one word.
    /// @param account The account.
    /// @return The provider as it is stored (see `ProviderSlots`).
    function slotOfProvider(address account) external view returns (ProviderSlot);

    /// @notice Whether a provider is verified and not expired.
    /// @param provider Its address.
    /// @return Whether it counts.
    function isVerified(address provider) external view returns (bool);

    /// @notice What a provider who turns to a patient has to be asked, in one call.
    /// @param provider The provider's address.
    /// @param patient The patient's id.
    /// @return verified Whether the provider counts.
    /// @return known Whether there is such a patient.
    function isVerifiedAndPatient(address provider, address patient) external view returns (bool verified, bool known);

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
