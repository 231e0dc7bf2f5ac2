import { EnrolPage } from '../../../../features/enrol/index.ts';

export default function Route() {
  return <EnrolPage />;
}
