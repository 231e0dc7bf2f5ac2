import { ConnectPage } from '../../../features/start/index.ts';

export default function Route() {
  return <ConnectPage />;
}
