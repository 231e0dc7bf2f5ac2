export { emergencyCardText, type PatientAddress, parseEmergencyCard } from './emergency-card.ts';
export { commitPid, generatePidSalt, PID_SALT_LENGTH } from './pid.ts';
