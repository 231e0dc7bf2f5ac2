// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Who calls for whom
/// @notice Makes calls that somebody signed and somebody else pays for (ERC-2771), once each and before a deadline; and
/// keeps each person's working session: a key that may log openings in the person's name, and nothing else.
/// @dev What a person signs says what it does: for each action of the contracts there is an EIP-712 type with the
/// action's own name and parameters, `<Action>(<parameters>,Request request)` with
/// `Request(address signer,address to,uint256 gas,uint256 nonce,uint48 deadline)` (see `ActionTypes`). For these the
/// bare `ForwardRequest` with its opaque bytes is refused. It is for calls that have no type, and for session keys.
/// Smart-contract wallets sign by ERC-1271.
///
/// A session key signs `ForwardRequest`s from the person, numbered by the key's own nonces: so openings under way and
/// what the person signs never wait for each other, and nobody with the key can use up a number of the person's.
///
/// Warning: whoever sends requests can hold them back until their deadline, send them in another order than those of
/// other people, or at a moment when the call fails: its number is used up then. Nobody can change one, send it twice,
/// or send one that nobody signed.
interface ISessionForwarder {
    /// @notice The access log made itself known: session keys may open there.
    /// @param log The log.
    event LogBound(address indexed log);

    /// @notice A working session began; one that stood before has ended.
    /// @param person Whose.
    /// @param key The key's address.
    /// @param expiresAt Unix time in seconds from which the key counts no more.
    event SessionStarted(address indexed person, address indexed key, uint48 expiresAt);

    /// @notice A working session was ended by its person.
    /// @param person Whose.
    /// @param key The key's address.
    event SessionEnded(address indexed person, address indexed key);

    /// @notice Another log was there first.
    /// @param log The one that is bound.
    error LogBoundAlready(address log);

    /// @notice A session's key is an address other than zero and the person itself.
    /// @param key What was given.
    error SessionKeyInvalid(address key);

    /// @notice A session ends in the future, and `latest` at the latest.
    /// @param expiresAt What was given, Unix time in seconds.
    /// @param latest 12 hours from now, Unix time in seconds.
    error SessionPeriodInvalid(uint48 expiresAt, uint256 latest);

    /// @notice The person has no session to end.
    /// @param person Whose.
    error SessionAbsent(address person);

    /// @notice Makes the caller, for good, the log that session keys may open at.
    /// @dev The access log calls this as it is deployed, and its deployment fails with `LogBoundAlready` if another
    /// contract was quicker: so a log that stands is the one that its forwarder knows.
    function bindLog() external;

    /// @notice From now on `key` may log openings in the caller's name, until `expiresAt`. A session that stands ends.
    /// @param key The address of a key that lives in memory alone.
    /// @param expiresAt Unix time in seconds, later than now and at most `MAX_SESSION` from now.
    /// @dev Anybody for himself; the log asks whether he counts, at each opening.
    ///
    /// Warning: whoever gets hold of the key opens in the person's name, logged, what the person may open, and collects
    /// strikes for it, until the session ends. It can't share, revoke, enrol, recover, or start a session.
    function startSession(address key, uint48 expiresAt) external;

    /// @notice Ends the caller's session. No request of its key counts from now on.
    /// @dev From any device: it takes the person's own wallet and not the key.
    function endSession() external;

    /// @notice The session of a person that stands now.
    /// @param person Whose.
    /// @return key The key's address; zero for none.
    /// @return expiresAt Unix time in seconds; zero for none.
    function sessionOf(address person) external view returns (address key, uint48 expiresAt);

    /// @notice The log that session keys may open at; zero before there is one.
    /// @return log The log.
    function boundLog() external view returns (address log);
}
