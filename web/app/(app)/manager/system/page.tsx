import { SystemPage } from '../../../../features/system/index.ts';

export default function Route() {
  return <SystemPage />;
}
