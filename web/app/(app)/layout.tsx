import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import { Shell } from '../../features/shell/index.ts';

/** With all texts, which the first page goes without. */
export default function AppLayout({ children }: { readonly children: ReactNode }) {
  return (
    <NextIntlClientProvider>
      <Shell>{children}</Shell>
    </NextIntlClientProvider>
  );
}
