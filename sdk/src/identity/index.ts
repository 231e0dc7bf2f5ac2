export { commitPid, generatePidSalt, PID_SALT_LENGTH } from './pid.ts';
export { decodeRecoveryCode, encodeRecoveryCode } from './recovery-code.ts';
