// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IAccessLog} from "./interfaces/IAccessLog.sol";
import {ISessionForwarder} from "./interfaces/ISessionForwarder.sol";
import {ActionData} from "./libraries/ActionData.sol";
import {ActionTypes} from "./libraries/ActionTypes.sol";

/// @title SessionForwarder
/// @notice See `ISessionForwarder`, which is the manual.
/// @dev It is a recipient of its own, so that sessions are started and ended by signed requests too.
contract SessionForwarder is ISessionForwarder, ERC2771Forwarder, ERC2771Context {
    using ECDSA for bytes32;

    /// @dev One slot a person.
    struct Session {
        address key;
        uint48 expiresAt;
    }

    /// @notice How long a session lasts at most, in seconds.
    uint256 public constant MAX_SESSION = 12 hours;

    /// @inheritdoc ISessionForwarder
    address public boundLog;

    mapping(address person => Session) private _sessions;

    constructor() ERC2771Forwarder("Chartkey") ERC2771Context(address(this)) {}

    /// @inheritdoc ISessionForwarder
    function bindLog() external {
        if (boundLog != address(0)) revert LogBoundAlready(boundLog);

        boundLog = msg.sender;

        emit LogBound(msg.sender);
    }

    /// @inheritdoc ISessionForwarder
    function startSession(address key, uint48 expiresAt) external {
        address person = _msgSender();
        if (key == address(0) || key == person) revert SessionKeyInvalid(key);
        uint256 latest = block.timestamp + MAX_SESSION;
        if (expiresAt <= block.timestamp || expiresAt > latest) revert SessionPeriodInvalid(expiresAt, latest);

        _sessions[person] = Session({key: key, expiresAt: expiresAt});

        emit SessionStarted(person, key, expiresAt);
    }

    /// @inheritdoc ISessionForwarder
    function endSession() external {
        address person = _msgSender();
        address key = _sessions[person].key;
        if (key == address(0)) revert SessionAbsent(person);

        delete _sessions[person];

        emit SessionEnded(person, key);
    }

    /// @inheritdoc ISessionForwarder
    function sessionOf(address person) external view returns (address key, uint48 expiresAt) {
        Session memory session = _sessions[person];
        if (block.timestamp < session.expiresAt) return (session.key, session.expiresAt);
    }

    /// @dev A session key's request is tried first, since it is the one that is made twenty times an hour. `signer` is
    /// whose nonce is used up.
    function _validate(ForwardRequestData calldata request)
        internal
        view
        override
        returns (bool isTrustedForwarder, bool active, bool signerMatch, address signer)
    {
        address key = _sessionKeyFor(request);
        if (key == address(0) || !_isSignedByKey(request, key)) return super._validate(request);
        return (_isTrustedByTarget(request.to), request.deadline >= block.timestamp, true, key);
    }

    function _recoverForwardRequestSigner(ForwardRequestData calldata request)
        internal
        view
        override
        returns (bool isValid, address signer)
    {
        bytes32 actionHash = _actionHash(request);
        if (actionHash == 0) return (false, address(0));
        bytes32 hash = _hashTypedDataV4(actionHash);
        (address recovered, ECDSA.RecoverError problem,) = hash.tryRecoverCalldata(request.signature);
        bool isOwn = problem == ECDSA.RecoverError.NoError && recovered == request.from;
        if (isOwn || SignatureChecker.isValidERC1271SignatureNowCalldata(request.from, hash, request.signature)) {
            return (true, request.from);
        }
        return (false, recovered);
    }

    /// @dev The key that may sign this request instead of the person; zero if there is none, or not for this call.
    function _sessionKeyFor(ForwardRequestData calldata request) private view returns (address) {
        if (bytes4(request.data) != IAccessLog.openRecords.selector) return address(0);
        Session memory session = _sessions[request.from];
        return block.timestamp < session.expiresAt && request.to == boundLog ? session.key : address(0);
    }

    function _isSignedByKey(ForwardRequestData calldata request, address key) private view returns (bool) {
        bytes32 hash = _hashTypedDataV4(_forwardHash(request, nonces(key)));
        (address recovered,,) = hash.tryRecoverCalldata(request.signature);
        return recovered == key;
    }

    /// @dev What the person has to sign; zero for what nobody can sign: a call that has no readable type, or one that
    /// carries ether, which no action of ours takes.
    function _actionHash(ForwardRequestData calldata request) private view returns (bytes32) {
        (bytes32 typeHash, bytes32 sentence, uint256 kinds) = ActionTypes.typeOf(bytes4(request.data));
        if (typeHash == 0 || request.value != 0) return 0;
        uint256 nonce = nonces(request.from);
        bytes32 requestHash = ActionData.hashRequest(request.from, request.to, request.gas, nonce, request.deadline);
        return keccak256(bytes.concat(typeHash, sentence, ActionData.encode(request.data[4:], kinds), requestHash));
    }

    function _forwardHash(ForwardRequestData calldata request, uint256 nonce) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                FORWARD_REQUEST_TYPEHASH,
                request.from,
                request.to,
                request.value,
                request.gas,
                nonce,
                request.deadline,
                keccak256(request.data)
            )
        );
    }
}
