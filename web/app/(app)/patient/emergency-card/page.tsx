import { EmergencyCardPage } from '../../../../features/emergency/index.ts';

export default function Route() {
  return <EmergencyCardPage />;
}
