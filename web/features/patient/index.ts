export { PatientHome } from './home.tsx';
