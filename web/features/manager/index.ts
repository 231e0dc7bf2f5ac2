export { ManagerPage } from './manager-page.tsx';
