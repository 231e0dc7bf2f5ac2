import '@fontsource-variable/geist';
import '@mantine/core/styles.css';
import '@mantine/dropzone/styles.css';
import '../ui/global.css';
import { ColorSchemeScript, mantineHtmlProps } from '@mantine/core';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { NextIntlClientProvider } from 'next-intl';
import { getLocale, getMessages, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { OfflinePage } from '../features/install/index.ts';
import { Providers } from '../features/session/index.ts';
import { NotSetUp } from '../features/start/index.ts';
import { firstPageOf } from '../i18n/messages.ts';
import { readConfig } from '../server/config.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('ui');
  return {
    title: 'Chartkey',
    description: t('patientsHoldTheKeys'),
    icons: { icon: '/icon.svg', apple: '/apple-touch-icon.png' },
    appleWebApp: { capable: true, title: 'Chartkey' },
  };
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, themeColor: '#087f5b' };

/** Each page has a nonce of its own, so each is rendered when it is asked for. */
export const dynamic = 'force-dynamic';

/**
 * Scripts may come from this origin alone, and text becomes HTML only where it can't hold
 * an element. Script URLs pass unchanged: dynamic imports hang in silence otherwise.
 */
const TRUSTED_TYPES = `
if (window.trustedTypes && trustedTypes.createPolicy) {
  trustedTypes.createPolicy('default', {
    createHTML: (text) => (text.includes('<') ? null : text),
    createScriptURL: (url) => (new URL(url, location.href).origin === location.origin ? url : null),
  });
}`;

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? '';
  const config = await readConfig();
  const [language, all] = await Promise.all([getLocale(), getMessages()]);
  return (
    <html lang={language} {...mantineHtmlProps}>
      <head>
        {/* Browsers hide a nonce from scripts, so what React reads back never matches. */}
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this file. */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: TRUSTED_TYPES }} />
        <ColorSchemeScript nonce={nonce} suppressHydrationWarning defaultColorScheme="auto" />
      </head>
      <body>
        <NextIntlClientProvider messages={firstPageOf(all)}>
          {config ? (
            <Providers config={config} nonce={nonce}>
              {children}
              <OfflinePage />
            </Providers>
          ) : (
            <NotSetUp />
          )}
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
