import { EmergencyReviewPage } from '../../../../features/manager/index.ts';

export default function Route() {
  return <EmergencyReviewPage />;
}
