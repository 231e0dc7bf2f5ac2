import { SharingPage } from '../../../../features/sharing/index.ts';

export default function Route() {
  return <SharingPage />;
}
