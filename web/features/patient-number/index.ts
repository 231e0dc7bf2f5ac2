export { QrCode } from './lazy-qr-code.tsx';
export { type NamedPatient, parsePatient, patientNumber } from './parse.ts';
export { PatientCode } from './patient-code.tsx';
export { PatientField } from './patient-field.tsx';
export { usePatient } from './use-patient.ts';
