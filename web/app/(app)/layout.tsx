import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import { ActingProvider } from '../../features/representatives/index.ts';
import { Shell } from '../../features/shell/index.ts';

/** With all texts, which the first page goes without. */
export default function AppLayout({ children }: { readonly children: ReactNode }) {
  return (
    <NextIntlClientProvider>
      <ActingProvider>
        <Shell>{children}</Shell>
      </ActingProvider>
    </NextIntlClientProvider>
  );
}
