'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { Loading } from '../../ui/index.ts';

/** The encoder comes when a code is shown. */
export const QrCode = dynamic(() => import('./qr-code.tsx').then((m) => m.QrCode), {
  ssr: false,
  loading: Drawing,
});

function Drawing() {
  const t = useTranslations('patientNumber');
  return <Loading what={t('drawingTheCode')} />;
}
