import { WatchingPage } from '../../../../features/auditor/index.ts';

export default function Route() {
  return <WatchingPage />;
}
