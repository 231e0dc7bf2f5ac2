'use client';

import type { Role } from '@chartkey/sdk';

import { Alert, AppShell, Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconActivity,
  IconAddressBook,
  IconAlertTriangle,
  IconBellRinging,
  IconChecklist,
  IconClockHour4,
  IconEye,
  IconFileDownload,
  IconFileSearch,
  IconFiles,
  IconHeartHandshake,
  IconHome,
  IconInbox,
  IconKey,
  IconListSearch,
  IconMessageQuestion,
  IconPlugConnectedX,
  IconReportSearch,
  IconServer,
  IconSettings,
  IconShieldCheck,
  IconStethoscope,
  IconUserShield,
  IconUsers,
  IconUsersGroup,
  IconWallet,
  type TablerIcon,
} from '@tabler/icons-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import type { Messages } from '../../i18n/messages.ts';
import { LanguageMenu, Logo, ThemeButton } from '../../ui/index.ts';
import { EmergencyBanner } from '../emergency/index.ts';
import { Inbox } from '../inbox/index.ts';
import { ActingBar, ActingSwitch, useActing } from '../representatives/index.ts';
import { type Session, useSession, WalletMenu } from '../session/index.ts';
import { ShiftProvider } from '../shift/index.ts';
import { UploadHolders, UploadsProvider, UploadsTray } from '../uploads/index.ts';
import { LockOnChange } from '../vault/index.ts';
import { MoveNotice } from '../wallet-move/index.ts';

type Key = keyof Messages['shell'];
type Entry = { readonly href: string; readonly label: Key; readonly icon: TablerIcon };
type Section = { readonly title: Key; readonly entries: readonly Entry[] };

const PATIENT: Section = {
  title: 'myChart',
  entries: [
    { href: '/patient', label: 'home', icon: IconHome },
    { href: '/patient/records', label: 'records', icon: IconFiles },
    { href: '/patient/sharing', label: 'sharing', icon: IconAddressBook },
    { href: '/patient/requests', label: 'requests', icon: IconInbox },
    { href: '/patient/log', label: 'whoLooked', icon: IconEye },
    { href: '/patient/emergencies', label: 'emergencies', icon: IconAlertTriangle },
    { href: '/patient/keys', label: 'myKey', icon: IconKey },
    { href: '/patient/guardians', label: 'guardians', icon: IconUsersGroup },
    { href: '/patient/representatives', label: 'representatives', icon: IconUserShield },
    { href: '/patient/wallet', label: 'myWallet', icon: IconWallet },
  ],
};
/** What a representative does in a patient's name. */
const REPRESENTED: Section = {
  title: 'theirChart',
  entries: PATIENT.entries.slice(0, 5),
};
const CLINICIAN: Section = {
  title: 'forClinicians',
  entries: [
    { href: '/clinician', label: 'today', icon: IconStethoscope },
    { href: '/clinician/ask', label: 'askForAccess', icon: IconMessageQuestion },
    { href: '/clinician/shift', label: 'shift', icon: IconClockHour4 },
    { href: '/clinician/emergency', label: 'emergency', icon: IconAlertTriangle },
  ],
};
/** The same pages for everybody who reads or sends records; what they may open is up to the consent. */
const PROVIDERS: Partial<Record<Role, Key>> = {
  Lab: 'forLaboratories',
  Pharmacy: 'forPharmacies',
  Hospital: 'forHospitals',
  Insurer: 'forInsurers',
  PublicHealth: 'forPublicHealth',
  Researcher: 'forResearchers',
};
const MANAGER: Section = {
  title: 'forManagers',
  entries: [
    { href: '/manager', label: 'providers', icon: IconChecklist },
    { href: '/manager/people', label: 'peopleAndOrganisations', icon: IconUsers },
    { href: '/manager/emergencies', label: 'emergencies', icon: IconAlertTriangle },
    { href: '/manager/minors', label: 'forMinors', icon: IconUserShield },
    { href: '/manager/system', label: 'system', icon: IconServer },
  ],
};
/** Logs stand on the chain, where everybody may read them: these pages need no role, and no wallet. */
const AUDITOR: Section = {
  title: 'forAuditors',
  entries: [
    { href: '/auditor', label: 'overview', icon: IconReportSearch },
    { href: '/auditor/log', label: 'log', icon: IconListSearch },
    { href: '/auditor/integrity', label: 'integrity', icon: IconShieldCheck },
    { href: '/auditor/export', label: 'export', icon: IconFileDownload },
    { href: '/auditor/watching', label: 'watching', icon: IconBellRinging },
  ],
};
const EVERYBODY: Section = {
  title: 'forEverybody',
  entries: [
    { href: '/guardian', label: 'whomIGuard', icon: IconHeartHandshake },
    { href: '/acting', label: 'whomIActFor', icon: IconUserShield },
    { href: '/verify', label: 'verifyADocument', icon: IconFileSearch },
    { href: '/network', label: 'network', icon: IconActivity },
    { href: '/auditor', label: 'audit', icon: IconReportSearch },
    { href: '/settings', label: 'settings', icon: IconSettings },
  ],
};
/** On an auditor's page its own entries stand above already. */
const EVERYBODY_ELSE: Section = {
  ...EVERYBODY,
  entries: EVERYBODY.entries.filter(({ href }) => href !== '/auditor'),
};
const NEW: Section = {
  title: 'startHere',
  entries: [
    { href: '/patient/enrol', label: 'setUpMyChart', icon: IconShieldCheck },
    { href: '/clinician/register', label: 'registerAsAProvider', icon: IconStethoscope },
  ],
};

/** The frame around every page that works with the chain. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const t = useTranslations('shell');
  const [open, { toggle, close }] = useDisclosure(false);
  const session = useSession();
  const acts = useActing().patient !== undefined;
  const path = usePathname();
  return (
    <UploadsProvider>
      <AppShell
        header={{ height: 60 }}
        navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !open } }}
        padding={{ base: 'md', sm: 'xl' }}
      >
        <a href="#main" className="ck-skip">
          {t('skipToThePage')}
        </a>
        <AppShell.Header bg="var(--ck-card)">
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="xs" wrap="nowrap">
              <Burger
                opened={open}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={open ? t('closeMenu') : t('openMenu')}
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
              <UploadsTray />
              <Inbox />
              <ThemeButton />
              <WalletMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="sm" bg="var(--ck-card)">
          <AppShell.Section grow component={ScrollArea}>
            <ActingSwitch />
            <nav aria-label={t('main')}>
              {sectionsFor(session, acts, path).map(({ title, entries }) => (
                <div key={title}>
                  <Text size="xs" c="dimmed" fw={600} px="sm" pt="sm" pb={4}>
                    {t(title)}
                  </Text>
                  {entries.map(({ href, label, icon: Icon }) => (
                    <NavLink
                      key={href}
                      component={Link}
                      href={href}
                      label={t(label)}
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
          </AppShell.Section>
          <AppShell.Section pt="xs">
            <LanguageMenu named />
          </AppShell.Section>
        </AppShell.Navbar>
        <AppShell.Main id="main">
          <Offline />
          <EmergencyBanner />
          <LockOnChange address={session.address} />
          <ActingBar />
          {session.patient && <MoveNotice patient={session.patient} />}
          <ShiftProvider>
            <UploadHolders />
            {children}
          </ShiftProvider>
        </AppShell.Main>
      </AppShell>
    </UploadsProvider>
  );
}

function sectionsFor(
  { patient, provider, managedAreas, status }: Session,
  acts: boolean,
  path: string,
): readonly Section[] {
  if (acts) return [REPRESENTED, EVERYBODY];
  const mine = [
    ...(patient ? [PATIENT] : []),
    ...(provider ? [sectionOf(provider.role)] : []),
    ...(managedAreas.length > 0 ? [MANAGER] : []),
  ];
  const known = mine.length > 0 || status === 'loading' || status === 'starting';
  if (path === '/auditor' || path.startsWith('/auditor/')) return [AUDITOR, ...mine, EVERYBODY_ELSE];
  return [...(known ? mine : [NEW]), EVERYBODY];
}

/** Above pages of their own: only the page itself is it. */
const HOMES = new Set(['/patient', '/clinician', '/manager', '/auditor']);

/** Emergencies are between clinicians. */
function sectionOf(role: Role): Section {
  const title = PROVIDERS[role];
  if (title === undefined) return CLINICIAN;
  return { title, entries: CLINICIAN.entries.filter(({ href }) => href !== '/clinician/emergency') };
}

function isActive(path: string, href: string): boolean {
  if (path === href) return true;
  return !HOMES.has(href) && path.startsWith(`${href}/`);
}

function Offline() {
  const t = useTranslations('shell');
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
      title={t('youAreOffline')}
      role="status"
    >
      {t('whatIsOnScreenStays')}
    </Alert>
  );
}
