import type { MetadataRoute } from 'next';
import { getTranslations } from 'next-intl/server';

/** What a browser needs to know to install this as an app. */
export default async function manifest(): Promise<MetadataRoute.Manifest> {
  const t = await getTranslations('ui');
  return {
    id: '/',
    name: 'Chartkey',
    short_name: 'Chartkey',
    description: t('patientsHoldTheKeys'),
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: '#fbfcfc',
    theme_color: '#087f5b',
    icons: [
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  };
}
