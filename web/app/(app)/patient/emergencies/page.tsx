import { EmergenciesPage } from '../../../../features/emergency/index.ts';

export default function Route() {
  return <EmergenciesPage />;
}
