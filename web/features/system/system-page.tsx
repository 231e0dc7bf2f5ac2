'use client';

import { Page } from '../../ui/index.ts';
import { ForManagers } from '../manager/index.ts';
import { Services } from './services.tsx';

/** For managers: whether everything is up. */
export function SystemPage() {
  return (
    <ForManagers title="System">
      {() => (
        <Page title="System" lead="Whether everything that people need is up, as this server finds it now.">
          <Services />
        </Page>
      )}
    </ForManagers>
  );
}
