import { OverviewPage } from '../../../features/auditor/index.ts';

export default function Route() {
  return <OverviewPage />;
}
