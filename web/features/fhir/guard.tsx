'use client';

import { Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';

/** Keeps one broken entry from taking the page with it. */
export class Guard extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <Text size="sm" c="dimmed" py="xs">
        This entry is written in a way that can't be shown. It is in the original file.
      </Text>
    );
  }
}
