export { EmergencyLandingPage } from './landing-page.tsx';
export { OneEmergencyPage } from './one-page.tsx';
export { EmergencyPage } from './red-page.tsx';
