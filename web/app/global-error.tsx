'use client';

import { useState } from 'react';
import { type Language, languageFor } from '../i18n/languages.ts';

/** What provides texts to pages may be what broke, so these stand here. */
const TEXTS: Readonly<Record<Language, { readonly title: string; readonly text: string }>> = {
  en: { title: 'Chartkey broke', text: 'Nothing of yours was lost or sent. Reload the page.' },
  de: {
    title: 'Chartkey ist abgestürzt',
    text: 'Von Ihnen ist nichts verloren und nichts gesendet. Laden Sie die Seite neu.',
  },
};

/** The last resort, when not even the frame of the page could be drawn. */
export default function GlobalError() {
  const [language] = useState(() =>
    languageFor(globalThis.document?.documentElement.lang, globalThis.navigator?.language ?? null),
  );
  const { title, text } = TEXTS[language];
  return (
    <html lang={language}>
      <body>
        <main>
          <h1>{title}</h1>
          <p>{text}</p>
        </main>
      </body>
    </html>
  );
}
