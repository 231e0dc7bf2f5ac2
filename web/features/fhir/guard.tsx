'use client';

import { Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Component, type ReactNode } from 'react';

/** Keeps one broken entry from taking the page with it. */
export class Guard extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return <Broken />;
  }
}

function Broken() {
  const t = useTranslations('fhir');
  return (
    <Text size="sm" c="dimmed" py="xs">
      {t('thisEntryIsWrittenIn')}
    </Text>
  );
}
