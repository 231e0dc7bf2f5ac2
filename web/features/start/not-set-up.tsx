import { useTranslations } from 'next-intl';
/** Shown when the server knows no network. Plain HTML: nothing else is running. */
export function NotSetUp() {
  const t = useTranslations('start');
  return (
    <main style={{ maxWidth: 480, margin: '15vh auto', padding: 24, fontFamily: 'system-ui' }}>
      <h1>{t('chartkeyIsNotSetUp')}</h1>
      <p>{t('thisServerWasStartedWithout')}</p>
    </main>
  );
}
