import { PeoplePage } from '../../../../features/manager/index.ts';

export default function Route() {
  return <PeoplePage />;
}
