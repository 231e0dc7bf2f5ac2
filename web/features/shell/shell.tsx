'use client';

import type { Role } from '@chartkey/sdk';
import { Alert, AppShell, Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconActivity,
  IconAddressBook,
  IconChecklist,
  IconClockHour4,
  IconEye,
  IconFileSearch,
  IconFiles,
  IconHome,
  IconInbox,
  IconKey,
  IconMessageQuestion,
  IconPlugConnectedX,
  IconServer,
  IconShieldCheck,
  IconStethoscope,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { Logo, ThemeButton } from '../../ui/index.ts';
import { Inbox } from '../inbox/index.ts';
import { type Session, useSession, WalletMenu } from '../session/index.ts';
import { ShiftProvider } from '../shift/index.ts';
import { LockOnChange } from '../vault/index.ts';

type Entry = { readonly href: string; readonly label: string; readonly icon: TablerIcon };
type Section = { readonly title: string; readonly entries: readonly Entry[] };

const PATIENT: Section = {
  title: 'My chart',
  entries: [
    { href: '/patient', label: 'Home', icon: IconHome },
    { href: '/patient/records', label: 'Records', icon: IconFiles },
    { href: '/patient/sharing', label: 'Sharing', icon: IconAddressBook },
    { href: '/patient/requests', label: 'Requests', icon: IconInbox },
    { href: '/patient/log', label: 'Who looked', icon: IconEye },
    { href: '/patient/keys', label: 'My key', icon: IconKey },
  ],
};
const CLINICIAN: Section = {
  title: 'For clinicians',
  entries: [
    { href: '/clinician', label: 'Today', icon: IconStethoscope },
    { href: '/clinician/ask', label: 'Ask for access', icon: IconMessageQuestion },
    { href: '/clinician/shift', label: 'Shift', icon: IconClockHour4 },
  ],
};
/** The same pages for everybody who reads or sends records; what they may open is up to the consent. */
const PROVIDERS: Partial<Record<Role, string>> = {
  Lab: 'For laboratories',
  Pharmacy: 'For pharmacies',
  Hospital: 'For hospitals',
  Insurer: 'For insurers',
  PublicHealth: 'For public health',
  Researcher: 'For researchers',
};
const MANAGER: Section = {
  title: 'For managers',
  entries: [
    { href: '/manager', label: 'Providers', icon: IconChecklist },
    { href: '/manager/people', label: 'People and organisations', icon: IconUsers },
    { href: '/manager/system', label: 'System', icon: IconServer },
  ],
};
const EVERYBODY: Section = {
  title: 'For everybody',
  entries: [
    { href: '/verify', label: 'Verify a document', icon: IconFileSearch },
    { href: '/network', label: 'Network', icon: IconActivity },
  ],
};
const NEW: Section = {
  title: 'Start here',
  entries: [
    { href: '/patient/enrol', label: 'Set up my chart', icon: IconShieldCheck },
    { href: '/clinician/register', label: 'Register as a provider', icon: IconStethoscope },
  ],
};

/** The frame around every page that works with the chain. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [open, { toggle, close }] = useDisclosure(false);
  const session = useSession();
  const path = usePathname();
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a href="#main" className="ck-skip">
        Skip to the page
      </a>
      <AppShell.Header bg="var(--ck-card)">
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={open ? 'Close menu' : 'Open menu'}
            />
            <Link
              href="/"
              aria-label="Chartkey"
              style={{
                display: 'flex',
                alignItems: 'center',
                gap: 8,
                color: 'inherit',
                textDecoration: 'none',
              }}
            >
              <Logo />
              <Text fw={650} size="lg" visibleFrom="xs">
                Chartkey
              </Text>
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Inbox />
            <ThemeButton />
            <WalletMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" bg="var(--ck-card)">
        <ScrollArea>
          <nav aria-label="Main">
            {sectionsFor(session).map(({ title, entries }) => (
              <div key={title}>
                <Text size="xs" c="dimmed" fw={600} px="sm" pt="sm" pb={4}>
                  {title}
                </Text>
                {entries.map(({ href, label, icon: Icon }) => (
                  <NavLink
                    key={href}
                    component={Link}
                    href={href}
                    label={label}
                    active={isActive(path, href)}
                    {...(isActive(path, href) ? { 'aria-current': 'page' as const } : {})}
                    leftSection={<Icon size={18} aria-hidden />}
                    onClick={close}
                    style={{ borderRadius: 8 }}
                  />
                ))}
              </div>
            ))}
          </nav>
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main">
        <Offline />
        <LockOnChange address={session.address} />
        <ShiftProvider>{children}</ShiftProvider>
      </AppShell.Main>
    </AppShell>
  );
}

function sectionsFor({ patient, provider, managedAreas, status }: Session): readonly Section[] {
  const mine = [
    ...(patient ? [PATIENT] : []),
    ...(provider ? [{ ...CLINICIAN, title: PROVIDERS[provider.role] ?? CLINICIAN.title }] : []),
    ...(managedAreas.length > 0 ? [MANAGER] : []),
  ];
  const known = mine.length > 0 || status === 'loading' || status === 'starting';
  return [...(known ? mine : [NEW]), EVERYBODY];
}

function isActive(path: string, href: string): boolean {
  if (path === href) return true;
  return href !== '/patient' && href !== '/clinician' && href !== '/manager' && path.startsWith(`${href}/`);
}

function Offline() {
  const [offline, setOffline] = useState(false);
  useEffect(() => {
    const update = () => setOffline(!navigator.onLine);
    update();
    window.addEventListener('online', update);
    window.addEventListener('offline', update);
    return () => {
      window.removeEventListener('online', update);
      window.removeEventListener('offline', update);
    };
  }, []);
  if (!offline) return null;
  return (
    <Alert
      color="orange"
      variant="light"
      mb="md"
      icon={<IconPlugConnectedX aria-hidden />}
      title="You are offline"
      role="status"
    >
      What is on screen stays. Nothing can be sent until you are back.
    </Alert>
  );
}
