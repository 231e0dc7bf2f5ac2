export { Services } from './services.tsx';
export { SystemPage } from './system-page.tsx';
