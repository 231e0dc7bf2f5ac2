export { ConnectPanel } from './connect-panel.tsx';
export { useNetwork, useReader } from './network.ts';
export { Providers } from './providers.tsx';
export { type PatientSession, RequirePatient, RequireWallet } from './require.tsx';
export { ShiftContext, useSender } from './sending.ts';
export { SignButton, SigningStatus, SwitchNetwork } from './sign-button.tsx';
export { type Session, useSession } from './use-session.ts';
export { type Signing, useSigning } from './use-signing.ts';
export { WalletMenu } from './wallet-menu.tsx';
