import type { Messages } from '../../i18n/messages.ts';
import addRecords from './add-records.json';
import auditProof from './audit-proof.json';
import auditor from './auditor.json';
import breakGlass from './break-glass.json';
import clinician from './clinician.json';
import consent from './consent.json';
import content from './content.json';
import demo from './demo.json';
import emergency from './emergency.json';
import enrol from './enrol.json';
import errors from './errors.json';
import fhir from './fhir.json';
import folders from './folders.json';
import guardians from './guardians.json';
import inbox from './inbox.json';
import keys from './keys.json';
import manager from './manager.json';
import network from './network.json';
import patient from './patient.json';
import patientNumber from './patient-number.json';
import people from './people.json';
import portable from './portable.json';
import records from './records.json';
import representatives from './representatives.json';
import save from './save.json';
import sdk from './sdk.json';
import session from './session.json';
import settings from './settings.json';
import sharing from './sharing.json';
import shell from './shell.json';
import shift from './shift.json';
import start from './start.json';
import system from './system.json';
import ui from './ui.json';
import vault from './vault.json';
import verify from './verify.json';
import walletMove from './wallet-move.json';
import whoLooked from './who-looked.json';

export const messages: Messages = {
  addRecords,
  auditProof,
  auditor,
  breakGlass,
  clinician,
  consent,
  content,
  demo,
  emergency,
  enrol,
  errors,
  fhir,
  folders,
  guardians,
  inbox,
  keys,
  manager,
  network,
  patient,
  patientNumber,
  people,
  portable,
  records,
  representatives,
  save,
  sdk,
  session,
  settings,
  sharing,
  shell,
  shift,
  start,
  system,
  ui,
  vault,
  verify,
  walletMove,
  whoLooked,
};
