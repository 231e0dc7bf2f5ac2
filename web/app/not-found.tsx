import Link from 'next/link';
import { useTranslations } from 'next-intl';

export default function NotFound() {
  const t = useTranslations('ui');
  return (
    <main style={{ maxWidth: 480, margin: '15vh auto', padding: 24 }}>
      <h1>{t('thereIsNothingHere')}</h1>
      <p>{t('theAddressMayBeMistyped')}</p>
      <Link href="/">{t('goToTheStart')}</Link>
    </main>
  );
}
