import { PortablePage } from '../../../../features/portable/index.ts';

export default function Route() {
  return <PortablePage />;
}
