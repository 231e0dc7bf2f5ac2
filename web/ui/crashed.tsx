'use client';

import { Button, Group } from '@mantine/core';
import { IconMoodConfuzed } from '@tabler/icons-react';
import { EmptyState } from './empty-state.tsx';

/** In place of a part of the page that broke. */
export function Crashed({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <EmptyState
      icon={<IconMoodConfuzed />}
      title="This page broke"
      text="It is our fault, and nothing of yours was lost or sent. Try again, or go back to the start."
    >
      <Group>
        <Button onClick={onRetry}>Try again</Button>
        <Button variant="default" component="a" href="/">
          Go to the start
        </Button>
      </Group>
    </EmptyState>
  );
}
