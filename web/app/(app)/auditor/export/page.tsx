import { ExportPage } from '../../../../features/auditor/index.ts';

export default function Route() {
  return <ExportPage />;
}
