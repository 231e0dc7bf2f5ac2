import { RepresentativesPage } from '../../../../features/representatives/index.ts';

export default function Route() {
  return <RepresentativesPage />;
}
