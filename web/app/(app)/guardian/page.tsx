import { GuardianPage } from '../../../features/guardians/index.ts';

export default function Route() {
  return <GuardianPage />;
}
