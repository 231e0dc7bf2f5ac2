'use client';

import { Badge, Card, Divider, Group, Stack, Title } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { Fragment } from 'react';
import { EmptyState, ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { useConsentWords } from '../consent/index.ts';
import { useFolders } from '../folders/index.ts';
import { ProviderLine } from '../people/index.ts';
import { type PatientSession, RequirePatient } from '../session/index.ts';
import { PendingRequests, useRequests } from './requests.tsx';

export function RequestsPage() {
  const t = useTranslations('sharing');
  return <RequirePatient title={t('requests')}>{(session) => <Requests session={session} />}</RequirePatient>;
}

function Requests({ session }: { readonly session: PatientSession }) {
  const t = useTranslations('sharing');
  const { pending, answered, isPending, error, retry } = useRequests(session.patient);
  const { describeScope } = useConsentWords();
  const { nameOf } = useFolders(session.patient);
  return (
    <Page title={t('requests')} lead={t('providersWhoAskToRead')}>
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && !error && <Loading what={t('lookingForRequests')} />}
      {!isPending && pending.length === 0 && !error && (
        <EmptyState icon={<IconInbox />} title={t('nothingToAnswer')} text={t('newRequestsShowHereAnd')} />
      )}
      <PendingRequests patient={session.patient} />
      {answered.length > 0 && (
        <Stack gap="xs" component="section" aria-label={t('answered')}>
          <Title order={2} size="h5">
            {t('answered')}
          </Title>
          <Card py="xs">
            {answered.map((request, at) => (
              <Fragment key={request.accessor}>
                {at > 0 && <Divider />}
                <Group justify="space-between" py="sm" wrap="nowrap" align="flex-start">
                  <ProviderLine
                    address={request.accessor}
                    detail={t('askedFor', { scope: describeScope(request, nameOf) })}
                  />
                  <Badge
                    variant="light"
                    tt="none"
                    color={request.state === 'granted' ? 'teal' : 'gray'}
                    style={{ flexShrink: 0 }}
                  >
                    {request.state === 'granted' ? t('given') : t('declined')}
                  </Badge>
                </Group>
              </Fragment>
            ))}
          </Card>
        </Stack>
      )}
    </Page>
  );
}
