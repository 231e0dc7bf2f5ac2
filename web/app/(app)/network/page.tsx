import { NetworkPage } from '../../../features/network/index.ts';

export default function Route() {
  return <NetworkPage />;
}
