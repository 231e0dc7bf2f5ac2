'use client';

import { Accordion, Code, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { Chart } from './chart.ts';
import { useFhirWords } from './use-fhir-words.ts';
import { dateOf } from './words.ts';

const SHOWN = 20;

/** What has no view of its own: named and counted, and readable as it was written. */
export function Raw({ others }: { readonly others: Chart['others'] }) {
  const { dayInWords } = useFhirWords();
  const t = useTranslations('fhir');
  if (others.length === 0) return null;
  return (
    <Accordion variant="contained" radius="md" multiple>
      {others.map(({ type, resources }) => (
        <Accordion.Item key={type} value={type}>
          <Accordion.Control>
            {spaced(type)}{' '}
            <Text span c="dimmed">
              ({resources.length})
            </Text>
          </Accordion.Control>
          <Accordion.Panel>
            {resources.slice(0, SHOWN).map((resource, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: entries of a file never move.
              <div key={at}>
                <Text size="sm" fw={500} mt="xs">
                  {dayInWords(dateOf(resource))}
                </Text>
                <Code block tabIndex={0} mah={220} style={{ overflow: 'auto' }}>
                  {JSON.stringify(resource, null, 2)}
                </Code>
              </div>
            ))}
            {resources.length > SHOWN && (
              <Text size="sm" c="dimmed" mt="xs">
                {t('andMoreInTheOriginal', { count: resources.length - SHOWN })}
              </Text>
            )}
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

/** `ExplanationOfBenefit` → `Explanation of benefit`. */
function spaced(type: string): string {
  const words = type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
