// Generated from contracts/ by `npm run generate`. Do not edit.
export { participantRegistryAbi } from './ParticipantRegistry.ts';
export { consentRegistryAbi } from './ConsentRegistry.ts';
export { recordIndexAbi } from './RecordIndex.ts';
export { accessLogAbi } from './AccessLog.ts';
export { guardianshipAbi } from './Guardianship.ts';
export { emergencyAccessAbi } from './EmergencyAccess.ts';
export { keeperSetAbi } from './KeeperSet.ts';
export { keeperViewAbi } from './KeeperView.ts';
export { sessionForwarderAbi } from './SessionForwarder.ts';
