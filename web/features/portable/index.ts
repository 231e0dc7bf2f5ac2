export { PortablePage } from './portable-page.tsx';
