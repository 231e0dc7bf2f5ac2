import { GuardiansPage } from '../../../../features/guardians/index.ts';

export default function Route() {
  return <GuardiansPage />;
}
