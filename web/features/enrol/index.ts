export { EnrolPage } from './enrol-page.tsx';
