export { Contracts } from './contracts.tsx';
export { NetworkPage } from './network-page.tsx';
