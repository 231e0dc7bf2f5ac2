import { RequestsPage } from '../../../../features/sharing/index.ts';

export default function Route() {
  return <RequestsPage />;
}
