/** Each error that a contract reverts with, in plain words. docs/errors.md has the long form. */
export const ERROR_WORDS: Readonly<Record<string, { readonly message: string; readonly advice: string }>> = {
  // ParticipantRegistry
  PidMissing: {
    message: 'A patient id is needed.',
    advice: 'Make one from your identifier and a random salt.',
  },
  PidTaken: {
    message: 'Somebody has this patient id in this area already.',
    advice: 'Make a new one; each has its own salt.',
  },
  AlreadyPatient: {
    message: 'This wallet is registered as a patient already.',
    advice: 'Go on to your records.',
  },
  NotPatient: {
    message: 'This wallet is not registered as a patient.',
    advice: 'Register first, or change to the wallet that is.',
  },
  RoleMissing: { message: 'A provider needs a role.', advice: 'Choose one.' },
  ProviderNotInStatus: {
    message: 'This provider is not in the state that this needs.',
    advice: 'Reload: somebody may have been quicker.',
  },
  ApplicationChanged: {
    message: 'The provider changed its application after you read it.',
    advice: 'Reload, read it again, then decide.',
  },
  NotManager: { message: 'This account does not manage that area.', advice: 'Ask the manager of the area.' },
  ExpiryInPast: { message: 'That date lies in the past.', advice: 'Choose a later one.' },
  DeadlinePassed: {
    message: 'What was signed has run out.',
    advice: 'Ask for a new signature.',
  },
  SignatureInvalid: {
    message: 'The signature does not match what was signed.',
    advice: 'Ask for a new one, over exactly these values.',
  },
  NotYourMember: {
    message: 'This provider has not named your organisation, or is no member of it.',
    advice: 'It names the organisation when it applies; then vouch for it.',
  },
  NotLog: { message: 'Only the access log may do this.', advice: 'Nothing is to be done here.' },
  // ConsentRegistry
  PatientUnknown: {
    message: 'No patient is registered under this address.',
    advice: 'Check the patient id.',
  },
  NotVerified: {
    message: 'Only a verified provider may do this.',
    advice: 'Wait until the manager of your area has verified you, or renew.',
  },
  AccessorInvalid: {
    message: 'A consent can’t be given to this account.',
    advice: 'Choose a provider other than yourself.',
  },
  CompartmentsMissing: {
    message: 'Choose at least one part of the chart.',
    advice: 'Tick what may be read.',
  },
  PurposesInvalid: { message: 'Choose at least one purpose.', advice: 'Tick what it may be read for.' },
  PeriodInvalid: {
    message: 'The consent would end before it begins, or has ended already.',
    advice: 'Choose a later end.',
  },
  ConsentStands: {
    message: 'This provider has your consent already.',
    advice: 'Change that consent instead.',
  },
  RevokedInThisBlock: {
    message: 'You have just revoked everything.',
    advice: 'Give this consent again in a moment.',
  },
  ConsentAbsent: {
    message: 'This provider has no consent of yours.',
    advice: 'There is nothing to change or stop.',
  },
  NotYourRecord: { message: 'This is not a record of yours.', advice: 'Check which wallet is connected.' },
  // RecordIndex
  NotConsents: { message: 'Only the consent registry may do this.', advice: 'Nothing is to be done here.' },
  RecordIdMissing: { message: 'A record id is needed.', advice: 'Seal the file again.' },
  RecordExists: { message: 'This record is in the index already.', advice: 'Nothing more is to be done.' },
  CompartmentInvalid: { message: 'Parts of a chart are numbered 0 to 63.', advice: 'Choose one of them.' },
  NotPermittedToWrite: {
    message: 'The patient has not allowed you to add records here.',
    advice: 'Submit it instead; the patient then accepts it.',
  },
  RecordNotInStatus: {
    message: 'The record is not in the state that this needs.',
    advice: 'Reload: it may have changed.',
  },
  AlreadySuperseded: {
    message: 'This record has its place in a line of versions already.',
    advice: 'Add yours after the newest version.',
  },
  // AccessLog
  NotParticipant: {
    message:
      'Only the patient, and providers that are verified, unexpired and not suspended, can open records.',
    advice: 'Check which wallet is connected, or ask the manager of your area.',
  },
  BatchSizeInvalid: {
    message: 'That is none, or too many at once.',
    advice: 'Do it in several steps: at most 256 openings, or 100 of anything else.',
  },
  KeyHashMissing: {
    message: 'The hash of a one-time key is needed.',
    advice: 'Make a fresh key for each opening.',
  },
  PlaceTaken: {
    message: 'Another opening of yours took this place in the meantime.',
    advice: 'Try again: the next free place is chosen for you.',
  },
  // EmergencyAccess, Guardianship
  NotGuardianship: {
    message: 'Only the guardianship may do this.',
    advice: 'Nothing is to be done here.',
  },
  NotEmergencies: {
    message: 'Only the emergencies may do this.',
    advice: 'Nothing is to be done here.',
  },
  BoundAlready: {
    message: 'These contracts belong to another deployment.',
    advice: 'Deploy all of them anew.',
  },
  NotClinician: {
    message: 'Only a verified clinician may do this.',
    advice: 'Ask a colleague who is verified, or your manager to verify you.',
  },
  ReasonMissing: {
    message: 'An emergency needs a reason.',
    advice: 'Choose one.',
  },
  EmergencySetEmpty: {
    message: 'This patient has marked nothing for emergencies.',
    advice: 'Ask for consent, or ask a representative of the patient.',
  },
  EmergencyStands: {
    message: 'You have emergency access to this patient already.',
    advice: 'Open the records.',
  },
  EmergencyNotPending: {
    message: 'This emergency waits for no confirmation any more.',
    advice: 'It is open, ended, or too old: whoever needs it asks anew.',
  },
  SelfConfirmation: {
    message: 'Nobody confirms or reviews themselves.',
    advice: 'Somebody else has to.',
  },
  SameCredential: {
    message: 'The two of you have credentials that look alike, as one person’s do.',
    advice: 'Ask another clinician to confirm.',
  },
  AlreadyConfirmed: {
    message: 'You have confirmed this already.',
    advice: 'Somebody else has to confirm it too.',
  },
  GuardiansChanged: {
    message: 'The patient changed its guardians after this was asked for.',
    advice: 'The clinician asks anew; then the guardians of now confirm.',
  },
  EmergencyNotYours: {
    message: 'This is no emergency of yours that stands or waits.',
    advice: 'Reload: it may have ended.',
  },
  NothingToReview: {
    message: 'There is nothing more to review here.',
    advice: 'Reload: somebody may have been quicker.',
  },
  GuardiansInvalid: {
    message: 'Guardians are 2 to 7 people, and at least 2 of them have to agree.',
    advice: 'Choose more guardians, or another number.',
  },
  GuardianInvalid: {
    message: 'One of the guardians is named twice, or is you.',
    advice: 'Name each other person once.',
  },
  GuardiansWrong: {
    message: 'These are not the guardians that the patient chose.',
    advice: 'Reload: the patient may have changed them.',
  },
  NotGuardian: {
    message: 'This wallet is no guardian of this patient.',
    advice: 'Check which wallet is connected.',
  },
  WalletInvalid: {
    message: 'This wallet can’t become the patient’s: it was a patient’s before, or is a guardian’s.',
    advice: 'Make a fresh wallet.',
  },
  AlreadyApproved: {
    message: 'You have approved this wallet already.',
    advice: 'The other guardians have to approve it too.',
  },
  MoveReady: {
    message: 'Enough guardians have approved this wallet.',
    advice: 'The time to object has to pass; then the wallet takes over.',
  },
  MoveAbsent: {
    message: 'No change to this wallet is under way.',
    advice: 'It was objected to, replaced, or is too old: begin anew.',
  },
  MoveNotReady: {
    message: 'This wallet can’t take over yet.',
    advice: 'Guardians are missing, or the old wallet still has time to object.',
  },
  RepresentativeInvalid: {
    message: 'This account can’t represent the patient.',
    advice: 'Choose somebody other than the patient and yourself.',
  },
  RepresentationPeriodInvalid: {
    message: 'A representation ends in the future, and within 18 years.',
    advice: 'Choose an end in between.',
  },
  RepresentationStands: {
    message: 'This person represents the patient already.',
    advice: 'End that first, to give it another end.',
  },
  RepresentationAbsent: {
    message: 'This person doesn’t represent the patient now.',
    advice: 'The patient can appoint them anew.',
  },
  SameManager: {
    message: 'Two different managers have to agree.',
    advice: 'Ask another manager of the area.',
  },
  NotForRepresentatives: {
    message: 'A representative can’t do this in a patient’s name.',
    advice: 'Only the patient can, with their own wallet.',
  },
  // SessionForwarder
  LogBoundAlready: {
    message: 'This forwarder belongs to another log.',
    advice: 'Deploy both anew, each log with a forwarder of its own.',
  },
  SessionKeyInvalid: { message: 'A session needs a fresh key of its own.', advice: 'Start the shift again.' },
  SessionPeriodInvalid: {
    message: 'A session ends in the future, and within 12 hours.',
    advice: 'Choose an end in between, and check the clock of this device.',
  },
  SessionAbsent: { message: 'There is no session to end.', advice: 'Nothing more is to be done.' },
  ERC2771ForwarderExpiredRequest: {
    message: 'What you signed arrived too late and doesn’t count any more.',
    advice: 'Sign it again, or send it yourself.',
  },
  ERC2771ForwarderInvalidSigner: {
    message: 'This signature doesn’t count: the session has ended, or something else was signed meanwhile.',
    advice: 'Sign it again; if it was an opening, start a new session.',
  },
  ERC2771UntrustfulTarget: {
    message: 'The contract doesn’t belong to this deployment.',
    advice: 'Reload the page.',
  },
  // KeeperSet
  ThresholdInvalid: {
    message: 'An epoch has 2 to 32 keepers and a threshold of at least 2.',
    advice: 'Change the number.',
  },
  KeeperInvalid: {
    message: 'Each keeper needs its own operator, in ascending order, and a key.',
    advice: 'Check the list of keepers.',
  },
  EpochUnknown: { message: 'There is no such epoch of keepers.', advice: 'Check the number.' },
  // OpenZeppelin
  AccessManagedUnauthorized: {
    message: 'Only governance may do this.',
    advice: 'Schedule it through the AccessManager.',
  },
};
