'use client';

import { ActionIcon, Badge, Group, Indicator, NavLink, Popover, Stack, Text } from '@mantine/core';
import { IconBell, IconChevronRight } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import type { Address } from 'viem';
import { type Session, useSession } from '../session/index.ts';
import { GuardianNews, ManagerNews, PatientNews, ProviderNews } from './by-role.tsx';
import type { News } from './news.ts';
import { useSeen } from './use-seen.ts';

/** The page's own questions go first. */
const AFTER_MS = 1_500;

/** What waits for whoever is connected, on every page. */
export function Inbox() {
  const session = useSession();
  const [started, setStarted] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setStarted(true), AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const { address } = session;
  if (!started || address === undefined || session.status !== 'ready') return null;
  return <InboxOf key={address} session={session} address={address} />;
}

function InboxOf({ session, address }: { readonly session: Session; readonly address: Address }) {
  const [seen, seeNow] = useSeen(address);
  return (
    <OfPatient session={session} address={address} seen={seen}>
      {(asPatient) => (
        <OfProvider session={session} address={address}>
          {(asProvider) => (
            <OfManager session={session}>
              {(asManager) => (
                <GuardianNews guardian={address}>
                  {(asGuardian) => (
                    <Tray
                      news={[...asPatient, ...asGuardian, ...asProvider, ...asManager]}
                      onClose={seeNow}
                    />
                  )}
                </GuardianNews>
              )}
            </OfManager>
          )}
        </OfProvider>
      )}
    </OfPatient>
  );
}

type Children = { readonly children: (news: readonly News[]) => ReactNode };
type Of = Children & { readonly session: Session; readonly address: Address };

function OfPatient({ session, address, seen, children }: Of & { readonly seen: number }) {
  if (session.patient === undefined) return children([]);
  return (
    <PatientNews patient={session.patient} address={address} seen={seen}>
      {children}
    </PatientNews>
  );
}

function OfProvider({ session, address, children }: Of) {
  if (session.provider?.status !== 'Verified') return children([]);
  return (
    <ProviderNews provider={session.provider} accessor={address}>
      {children}
    </ProviderNews>
  );
}

function OfManager({ session, children }: Omit<Of, 'address'>) {
  if (session.managedAreas.length === 0) return children([]);
  return <ManagerNews areas={session.managedAreas}>{children}</ManagerNews>;
}

function Tray({ news, onClose }: { readonly news: readonly News[]; readonly onClose: () => void }) {
  const t = useTranslations('inbox');
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    onClose();
  };
  const label = news.length === 0 ? t('inboxNothingNew') : t('inboxNew', { count: news.length });
  return (
    <Indicator disabled={news.length === 0} label={news.length} size={18} color="teal.9" offset={4}>
      <Popover
        opened={open}
        onChange={(next) => (next ? setOpen(true) : close())}
        position="bottom-end"
        width={320}
        withinPortal
        trapFocus
      >
        <Popover.Target>
          <ActionIcon aria-label={label} onClick={() => (open ? close() : setOpen(true))}>
            <IconBell size={18} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p="xs" aria-label={t('inbox')}>
          {news.length === 0 ? (
            <Stack gap={4} p="sm" data-autofocus tabIndex={-1}>
              <Text fw={600}>{t('nothingWaitsForYou')}</Text>
              <Text size="sm" c="dimmed">
                {t('requestsRecordsToAcceptAccess')}
              </Text>
            </Stack>
          ) : (
            news.map(({ key, text, href, asks }) => (
              <NavLink
                key={key}
                component={Link}
                href={href}
                onClick={close}
                label={
                  <Group gap="xs" wrap="nowrap" justify="space-between">
                    <Text size="sm">{text}</Text>
                    {asks && (
                      <Badge variant="light" tt="none" style={{ flexShrink: 0 }}>
                        {t('answer')}
                      </Badge>
                    )}
                  </Group>
                }
                rightSection={<IconChevronRight size={16} aria-hidden />}
                style={{ borderRadius: 8 }}
              />
            ))
          )}
        </Popover.Dropdown>
      </Popover>
    </Indicator>
  );
}
