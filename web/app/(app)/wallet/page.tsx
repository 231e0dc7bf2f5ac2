import { TakeWalletPage } from '../../../features/wallet-move/index.ts';

export default function Route() {
  return <TakeWalletPage />;
}
