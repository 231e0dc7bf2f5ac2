import { RegisterPage } from '../../../../features/clinician/index.ts';

export default function Route() {
  return <RegisterPage />;
}
