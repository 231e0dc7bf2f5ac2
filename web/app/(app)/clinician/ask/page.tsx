import { AskPage } from '../../../../features/clinician/index.ts';

export default function Route() {
  return <AskPage />;
}
