import { ActingPage } from '../../../features/representatives/index.ts';

export default function Route() {
  return <ActingPage />;
}
