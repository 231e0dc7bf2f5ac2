import { WhoLookedPage } from '../../../../features/who-looked/index.ts';

export default function Route() {
  return <WhoLookedPage />;
}
