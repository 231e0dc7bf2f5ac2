import { ManagerPage } from '../../../features/manager/index.ts';

export default function Route() {
  return <ManagerPage />;
}
