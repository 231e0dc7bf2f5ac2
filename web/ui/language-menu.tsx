'use client';

import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconLanguage } from '@tabler/icons-react';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { isLanguage, LANGUAGE_COOKIE, LANGUAGE_NAMES, LANGUAGES, type Language } from '../i18n/languages.ts';

const YEAR_SECONDS = 365 * 86_400;

/**
 * Changes the language in place: what is unlocked or on its way stays as it is. `named`: with the
 * language in words, where there is room.
 */
export function LanguageMenu({ named = false }: { readonly named?: boolean }) {
  const t = useTranslations('ui');
  const current = useLocale();
  const router = useRouter();
  const label = t('language', { name: LANGUAGE_NAMES[current] });
  const choose = (language: Language) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
    document.cookie = `${LANGUAGE_COOKIE}=${language}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
    router.refresh();
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        {named ? (
          <Button
            variant="subtle"
            color="gray"
            c="dimmed"
            size="compact-sm"
            leftSection={<IconLanguage size={18} aria-hidden />}
            aria-label={label}
          >
            {LANGUAGE_NAMES[current]}
          </Button>
        ) : (
          <ActionIcon aria-label={label}>
            <IconLanguage size={18} />
          </ActionIcon>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={current} onChange={(chosen) => isLanguage(chosen) && choose(chosen)}>
          {LANGUAGES.map((language) => (
            <Menu.RadioItem key={language} value={language} lang={language} closeMenuOnClick>
              {LANGUAGE_NAMES[language]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
