export { Services, StorageHealth } from './services.tsx';
export { SystemPage } from './system-page.tsx';
