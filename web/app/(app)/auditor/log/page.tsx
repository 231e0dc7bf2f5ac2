import { LogPage } from '../../../../features/auditor/index.ts';

export default function Route() {
  return <LogPage />;
}
