'use client';

import { emergencyCardText, patientAddressOf } from '@chartkey/sdk';
import { Alert, Anchor, Button, Code, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconDeviceMobile, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { QrCode } from '../patient-number/index.ts';
import { type PatientSession, RequirePatient, useReader } from '../session/index.ts';
import { useEmergencySet } from './use-emergencies.ts';

export function EmergencyCardPage() {
  const t = useTranslations('emergency');
  return (
    <RequirePatient title={t('emergencyCard')}>{(session) => <OneCard session={session} />}</RequirePatient>
  );
}

function OneCard({ session: { patient } }: { readonly session: PatientSession }) {
  const t = useTranslations('emergency');
  const reader = useReader();
  const { marked } = useEmergencySet(patient);
  const query = useQuery({
    queryKey: ['emergency-card', patient],
    queryFn: async () => (await patientAddressOf(reader, { patient })) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const address = query.data;
  return (
    <Page title={t('emergencyCard')} lead={t('carryItWithYou')}>
      {marked?.length === 0 && (
        <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} role="status">
          <Text size="sm">
            {t('theCardLeadsToNothing')}{' '}
            <Anchor component={Link} href="/patient/emergencies" size="sm" underline="always">
              {t('markFolders')}
            </Anchor>
          </Text>
        </Alert>
      )}
      {query.error && address === undefined && (
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Loading what={t('oneMoment')} />}
      {address && <TheCard text={emergencyCardText({ origin: window.location.origin, ...address })} />}
      <Text size="sm" maw={620}>
        {t('nothingReadableInIt')}
      </Text>
    </Page>
  );
}

function TheCard({ text }: { readonly text: string }) {
  const t = useTranslations('emergency');
  const [large, setLarge] = useState(false);
  return (
    <>
      <section className="ck-emergency-card ck-print-alone" aria-label={t('emergencyCard')}>
        <QrCode text={text} label={t('emergencyCardCode')} width={180} />
        <div>
          <Title order={2} size="h4" c="#a61e1e">
            {t('emergencyCard')}
          </Title>
          <CardText text={text} />
        </div>
      </section>
      <Group gap="xs" className="ck-no-print">
        <Button leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => window.print()}>
          {t('printTheCard')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDeviceMobile size={18} aria-hidden />}
          onClick={() => setLarge(true)}
        >
          {t('showItLarge')}
        </Button>
      </Group>
      <Modal
        opened={large}
        onClose={() => setLarge(false)}
        fullScreen
        title={t('emergencyCard')}
        styles={{ content: WHITE, header: WHITE, close: { color: '#000' } }}
      >
        <Large text={text} />
      </Modal>
    </>
  );
}

/** Paper and cameras want black on white, in every theme. */
const WHITE = { background: '#fff', color: '#000' } as const;

/** Nothing here asks the network, so a phone shows it where there is none. */
function Large({ text }: { readonly text: string }) {
  const t = useTranslations('emergency');
  useEffect(keepAwake, []);
  return (
    <Stack align="center" gap="md" c="#000">
      <QrCode text={text} label={t('emergencyCardCode')} width="min(92vw, 62vh)" />
      <div style={{ maxWidth: 460 }}>
        <CardText text={text} />
      </div>
    </Stack>
  );
}

function CardText({ text }: { readonly text: string }) {
  const t = useTranslations('emergency');
  return (
    <>
      <Text size="sm" c="#000" mt={4}>
        {t('cardForClinicians')}
      </Text>
      <Text size="sm" c="#000" mt={4}>
        {t('cardHoldsNothing')}
      </Text>
      <Code
        block
        fz={11}
        mt={6}
        p={0}
        bg="#fff"
        c="#000"
        style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}
        data-testid="card-text"
      >
        {text}
      </Code>
    </>
  );
}

/** The screen stays on while it is shown, where the browser can do that. */
function keepAwake(): () => void {
  const asked = 'wakeLock' in navigator ? navigator.wakeLock.request('screen') : undefined;
  // Refused to a page in the background, or on an empty battery: the card is shown all the same.
  asked?.catch(() => undefined);
  return () => void asked?.then((lock) => lock.release()).catch(() => undefined);
}
