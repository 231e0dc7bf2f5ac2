import { EmergencyLandingPage } from '../../../features/break-glass/index.ts';

export default function Route() {
  return <EmergencyLandingPage />;
}
