import { KeysPage } from '../../../../features/keys/index.ts';

export default function Route() {
  return <KeysPage />;
}
