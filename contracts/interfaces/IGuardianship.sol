// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MinorAppointment, Representation, WalletMove} from "../types/Types.sol";
import {IConsentRegistry} from "./IConsentRegistry.sol";
import {IEmergencyAccess} from "./IEmergencyAccess.sol";
import {IParticipantRegistry} from "./IParticipantRegistry.sol";

/// @title Who stands in for a patient
/// @notice Guardians, who together move a patient to a new wallet or confirm an emergency; the patient's own change of
/// wallet; and personal representatives, who act in the patient's name.
/// @dev A patient's list of guardians is kept as a hash, with how many of them it takes: whoever needs it passes it.
/// Each patient has a round, a number that goes up whenever guardians change, a move is objected to, or a wallet
/// changed: what began in an earlier round counts no more.
///
/// Warning: as many guardians as the patient decided, together, become the patient after `OBJECTION_PERIOD` unless the
/// wallet until now objects: safety needs that so many don't collude, or that the patient looks within that time.
/// A manager alone moves nobody. Guardians learn nothing of any record: what they sign holds no key.
interface IGuardianship {
    /// @notice An account became a guardian of a patient.
    /// @param patient The patient's id.
    /// @param guardian The account.
    /// @param round The round of the list that it stands in.
    event GuardianAppointed(address indexed patient, address indexed guardian, uint48 round);

    /// @notice A patient set its guardians. Those of before are none any more.
    /// @param patient The patient's id.
    /// @param guardians All of them, ascending; empty for none.
    /// @param threshold How many it takes.
    /// @param round The patient's round from now on.
    event GuardiansChanged(address indexed patient, address[] guardians, uint8 threshold, uint48 round);

    /// @notice A guardian wants a patient to have another wallet.
    /// @param patient The patient's id.
    /// @param wallet The wallet.
    /// @param guardian The guardian.
    /// @param approvals How many guardians want it by now.
    /// @param readyAt Unix time in seconds from which the wallet may take over; zero while guardians are missing.
    event WalletApproved(
        address indexed patient, address indexed wallet, address indexed guardian, uint8 approvals, uint48 readyAt
    );

    /// @notice A patient offered another wallet of its own to take over, at once.
    /// @param patient The patient's id.
    /// @param wallet The wallet.
    event WalletOffered(address indexed patient, address indexed wallet);

    /// @notice The wallet until now objected: no move that was under way counts any more.
    /// @param patient The patient's id.
    /// @param wallet The wallet that was objected to.
    /// @param round The patient's round from now on.
    event WalletObjected(address indexed patient, address indexed wallet, uint48 round);

    /// @notice A representative was proposed by one manager; a second one is awaited.
    /// @param patient The patient's id.
    /// @param representative Who would act in the patient's name.
    /// @param manager Who proposed.
    /// @param expiresAt Unix time in seconds from which it would stand no more.
    event RepresentativeProposed(
        address indexed patient, address indexed representative, address indexed manager, uint48 expiresAt
    );

    /// @notice A patient has a representative.
    /// @param patient The patient's id.
    /// @param representative Who acts in the patient's name.
    /// @param startsAt Unix time in seconds from which it does.
    /// @param expiresAt Unix time in seconds from which it does no more.
    /// @param byManagers Whether two managers appointed it, for a minor; else the patient did.
    event RepresentativeAppointed(
        address indexed patient, address indexed representative, uint48 startsAt, uint48 expiresAt, bool byManagers
    );

    /// @notice A representation, or the proposal of one, was ended.
    /// @param patient The patient's id.
    /// @param representative Who acts in the patient's name no more.
    event RepresentationEnded(address indexed patient, address indexed representative);

    /// @notice A representative acts in a patient's name: what else this transaction does to the patient is its doing.
    /// @param patient The patient's id.
    /// @param representative Who acts.
    /// @param target The contract that is called.
    /// @param selector The function that is called.
    event RepresentativeActed(address indexed patient, address indexed representative, address target, bytes4 selector);

    /// @notice Other contracts were there first.
    error BoundAlready();

    /// @notice The caller is no patient.
    /// @param wallet The wallet.
    error NotPatient(address wallet);

    /// @notice A list of guardians has 2 to `MAX_GUARDIANS` accounts, or none; and it takes 2 to all of them.
    /// @param size How many there were.
    /// @param threshold How many it would take.
    error GuardiansInvalid(uint256 size, uint8 threshold);

    /// @notice Guardians stand in ascending order, each once, and none is zero or the patient itself.
    /// @param guardian The one that stands wrong.
    error GuardianInvalid(address guardian);

    /// @notice This is not the list of guardians that the patient set.
    /// @param patient The patient's id.
    error GuardiansWrong(address patient);

    /// @notice The account is no guardian of the patient.
    /// @param account The account.
    /// @param patient The patient's id.
    error NotGuardian(address account, address patient);

    /// @notice The wallet was a patient's before, or is zero, or one of the guardians.
    /// @param wallet The wallet.
    error WalletInvalid(address wallet);

    /// @notice This guardian approved the wallet already.
    /// @param guardian The guardian.
    error AlreadyApproved(address guardian);

    /// @notice Enough guardians approved the wallet: time is awaited, or the wallet itself.
    /// @param readyAt Unix time in seconds from which it may take over.
    error MoveReady(uint48 readyAt);

    /// @notice No move of the patient to this wallet is under way: none began, or it was objected to, replaced or is
    /// too old.
    /// @param patient The patient's id.
    /// @param wallet The wallet.
    error MoveAbsent(address patient, address wallet);

    /// @notice Guardians are missing, or the wallet until now still has time to object.
    /// @param readyAt Unix time in seconds from which the wallet may take over; zero while guardians are missing.
    error MoveNotReady(uint48 readyAt);

    /// @notice A representative is an account other than zero, the patient, and whoever appoints.
    /// @param account What was given.
    error RepresentativeInvalid(address account);

    /// @notice A representation ends in the future, and `latest` at the latest.
    /// @param expiresAt What was given, Unix time in seconds.
    /// @param latest 18 years from now, Unix time in seconds.
    error RepresentationPeriodInvalid(uint48 expiresAt, uint256 latest);

    /// @notice This one represents the patient already, or will.
    /// @param patient The patient's id.
    /// @param representative Who does.
    error RepresentationStands(address patient, address representative);

    /// @notice This one doesn't represent the patient now.
    /// @param patient The patient's id.
    /// @param representative Who does not.
    error RepresentationAbsent(address patient, address representative);

    /// @notice There is no such patient.
    /// @param area The area.
    /// @param pid The pid.
    error PatientUnknown(uint32 area, bytes32 pid);

    /// @notice The caller does not manage this area.
    /// @param caller Who called.
    /// @param area The area.
    error NotManager(address caller, uint32 area);

    /// @notice Two managers appoint, not one twice.
    /// @param manager The manager.
    error SameManager(address manager);

    /// @notice A representative may not do this in a patient's name.
    /// @param target The contract that would be called.
    /// @param selector The function that would be called.
    error NotForRepresentatives(address target, bytes4 selector);

    /// @notice Makes these contracts, for good, the ones that are asked and called.
    /// @param participants Who is who.
    /// @param consents Who may read what; it names the record index.
    /// @param emergencies The emergencies.
    /// @dev The access log calls this as it is deployed, and its deployment fails with `BoundAlready` if another
    /// contract was quicker.
    function bind(IParticipantRegistry participants, IConsentRegistry consents, IEmergencyAccess emergencies) external;

    /// @notice Sets the caller's guardians. Moves that are under way count no more, nor do confirmations of guardians.
    /// @param guardians All of them, ascending; 2 to `MAX_GUARDIANS`, or none.
    /// @param threshold How many it takes, 2 to all of them; zero for no guardians.
    /// @dev The patient's own wallet only.
    ///
    /// Warning: everybody can see who is a guardian of whom.
    function setGuardians(address[] calldata guardians, uint8 threshold) external;

    /// @notice Approves, as a guardian, that a patient moves to a wallet; the first one to do so begins the move. With
    /// enough of them `OBJECTION_PERIOD` begins.
    /// @param patient The patient's id.
    /// @param wallet The wallet, which never was a patient's and is no guardian's.
    /// @param guardians The patient's guardians, as the patient set them.
    /// @dev Guardians only. Enough of them have to approve within `APPROVAL_WINDOW`.
    ///
    /// Warning: a guardian who approves has to know by voice or face that the wallet is the patient's.
    function approveWallet(address patient, address wallet, address[] calldata guardians) external;

    /// @notice Stops every move of the caller's that is under way.
    /// @param wallet The wallet that is objected to.
    /// @dev The patient's wallet until now only, up to the block in which the other one takes over.
    function objectToWallet(address wallet) external;

    /// @notice Offers another wallet of the caller's own to take over: at once.
    /// @param wallet The wallet, which never was a patient's.
    /// @dev The patient's own wallet only.
    ///
    /// Warning: whoever holds that wallet becomes the patient when it takes over.
    function offerWallet(address wallet) external;

    /// @notice Becomes the wallet of a patient. The one until now is nobody's from this block on; id, consents,
    /// records,
    /// log, guardians and representatives stay.
    /// @param patient The patient's id.
    /// @dev The wallet that was offered, or that guardians approved, once it is ready and for `TAKE_WINDOW`.
    function takeWallet(address patient) external;

    /// @notice Appoints somebody to act in the caller's name.
    /// @param representative Who.
    /// @param expiresAt Unix time in seconds from which it does no more; 18 years from now at most.
    /// @dev The patient's own wallet only.
    ///
    /// Warning: a representative reads all that isn't restricted, shares and ends sharing, as the patient does; each
    /// act is marked. It can't touch wallet, guardians or representatives.
    function appointRepresentative(address representative, uint48 expiresAt) external;

    /// @notice Proposes a representative for a minor, or confirms what another manager proposed: it then acts after
    /// `OBJECTION_PERIOD`, in which the patient's wallet can end it.
    /// @param appointment Whom, for whom, until when.
    /// @dev Two distinct managers of the patient's area, neither of whom is the representative. The second one within
    /// `APPROVAL_WINDOW`, with the same end.
    ///
    /// Warning: that the patient is a minor is what the two managers vouch for; the chain can't know.
    function appointForMinor(MinorAppointment calldata appointment) external;

    /// @notice Ends a representation, or the proposal of one, from this block on.
    /// @param patient The patient's id.
    /// @param representative Who acts in the patient's name.
    /// @dev The patient's own wallet, or the representative.
    function endRepresentation(address patient, address representative) external;

    /// @notice Makes a call in a patient's name.
    /// @param patient The patient's id.
    /// @param target The contract: consents, records, participants or emergencies.
    /// @param call The call, as the patient would make it.
    /// @dev Standing representatives only, and what patients do about consents, records, their key and emergencies
    /// only.
    function actFor(address patient, address target, bytes calldata call) external;

    /// @notice A patient's guardians.
    /// @param patient The patient's id.
    /// @return digest The first 24 bytes of the hash of `abi.encode(guardians)`; zero for none.
    /// @return threshold How many it takes; zero for none.
    /// @return size How many there are.
    function guardiansOf(address patient) external view returns (bytes24 digest, uint8 threshold, uint8 size);

    /// @notice A patient's round.
    /// @param patient The patient's id.
    /// @return round Goes up with whatever ends what is under way.
    function roundOf(address patient) external view returns (uint48 round);

    /// @notice Where an account stands in a patient's list of guardians; reverts if it does not.
    /// @param patient The patient's id.
    /// @param guardians The list, which must be the one that the patient set.
    /// @param account The account.
    /// @return place Its place, from 0.
    /// @return threshold How many it takes.
    /// @return round The patient's round.
    function placeOf(address patient, address[] calldata guardians, address account)
        external
        view
        returns (uint8 place, uint8 threshold, uint48 round);

    /// @notice A move of a patient to a wallet that is under way; all zero for none.
    /// @param patient The patient's id.
    /// @param wallet The wallet.
    /// @return The move.
    function moveOf(address patient, address wallet) external view returns (WalletMove memory);

    /// @notice A representation as it was appointed or proposed last; all zero for none, or if it was ended.
    /// @param patient The patient's id.
    /// @param representative Who acts in the patient's name.
    /// @return The representation.
    function representationOf(address patient, address representative) external view returns (Representation memory);

    /// @notice Whether somebody acts in a patient's name now.
    /// @param patient The patient's id.
    /// @param representative Who would.
    /// @return Whether it does.
    function isRepresentative(address patient, address representative) external view returns (bool);
}
