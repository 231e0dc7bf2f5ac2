import { RecordsPage } from '../../../../features/records/index.ts';

export default function Route() {
  return <RecordsPage />;
}
