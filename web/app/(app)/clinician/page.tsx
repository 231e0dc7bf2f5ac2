import { TodayPage } from '../../../features/clinician/index.ts';

export default function Route() {
  return <TodayPage />;
}
