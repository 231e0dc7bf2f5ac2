export { ChangeWalletPage } from './change-wallet-page.tsx';
export { MoveNotice } from './move-notice.tsx';
export { TakeWalletPage } from './take-wallet-page.tsx';
