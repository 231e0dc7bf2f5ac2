'use client';

import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

type FactsProps = { readonly facts: readonly { readonly name: string; readonly value: ReactNode }[] };

/** What is known of an emergency, one line each: below each other on a phone. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl className="ck-facts">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0}>
            {value}
          </Text>
        </div>
      ))}
    </dl>
  );
}
