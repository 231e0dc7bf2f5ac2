export { EmergencyReviewPage } from './emergencies-page.tsx';
export { ForManagers } from './for-managers.tsx';
export { ManagerPage } from './manager-page.tsx';
export { PeoplePage } from './people-page.tsx';
