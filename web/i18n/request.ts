import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { LANGUAGE_COOKIE, languageFor } from './languages.ts';
import { messagesIn } from './messages.ts';

/** Which language a page is answered in: next-intl asks this once for each request. */
export default getRequestConfig(async () => {
  const chosen = (await cookies()).get(LANGUAGE_COOKIE)?.value;
  const locale = languageFor(chosen, (await headers()).get('accept-language'));
  return { locale, messages: await messagesIn(locale) };
});
