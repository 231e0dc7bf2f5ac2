import { ShiftPage } from '../../../../features/shift/index.ts';

export default function Route() {
  return <ShiftPage />;
}
