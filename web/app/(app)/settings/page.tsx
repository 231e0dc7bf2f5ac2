import { SettingsPage } from '../../../features/settings/index.ts';

export default function Route() {
  return <SettingsPage />;
}
