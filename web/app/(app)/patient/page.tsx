import { PatientHome } from '../../../features/patient/index.ts';

export default function Route() {
  return <PatientHome />;
}
