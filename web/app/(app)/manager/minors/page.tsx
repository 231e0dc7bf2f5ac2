import { MinorsPage } from '../../../../features/representatives/index.ts';

export default function Route() {
  return <MinorsPage />;
}
