import { IntegrityPage } from '../../../../features/auditor/index.ts';

export default function Route() {
  return <IntegrityPage />;
}
