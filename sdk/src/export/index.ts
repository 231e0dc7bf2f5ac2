export { exportAge, exportAgeName, importAge, type OpenAgeWith, type SealAgeTo } from './age.ts';
