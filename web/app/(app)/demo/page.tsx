import { DemoPage } from '../../../features/demo/index.ts';

export default function Route() {
  return <DemoPage />;
}
