export { ConnectPage } from './connect-page.tsx';
export { NotSetUp } from './not-set-up.tsx';
export { StartPage } from './start-page.tsx';
