export { commitPid, generatePidSalt, PID_SALT_LENGTH } from './pid.ts';
