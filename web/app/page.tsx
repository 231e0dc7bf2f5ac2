import { StartPage } from '../features/start/index.ts';

export default function Route() {
  return <StartPage />;
}
