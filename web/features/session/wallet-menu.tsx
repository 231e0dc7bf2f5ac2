'use client';

import { Button, Menu, Text } from '@mantine/core';
import { IconAlertTriangle, IconChevronDown, IconLogout } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useDisconnect, useSwitchChain } from 'wagmi';
import type { Translate } from '../../i18n/messages.ts';
import { shortAddress } from '../../ui/index.ts';
import { useNetwork } from './network.ts';
import { useSender } from './sending.ts';
import { useSession } from './use-session.ts';

/** Who is connected; the network only when it is the wrong one. */
export function WalletMenu() {
  const t = useTranslations('session');
  const session = useSession();
  const { sender, relay, choose } = useSender();
  const { deployment } = useNetwork();
  const { mutate: disconnect } = useDisconnect();
  const { mutate: switchChain } = useSwitchChain();
  if (session.address === undefined) {
    return (
      <Button component={Link} href="/connect" size="sm" loading={session.status === 'starting'}>
        {t('connect')}
      </Button>
    );
  }
  if (session.wrongNetwork) {
    return (
      <Button
        size="sm"
        color="orange"
        variant="light"
        leftSection={<IconAlertTriangle size={16} aria-hidden />}
        onClick={() => switchChain({ chainId: deployment.chainId })}
      >
        {t('switchNetwork')}
      </Button>
    );
  }
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="sm" rightSection={<IconChevronDown size={14} aria-hidden />}>
          {shortAddress(session.address)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="xs" c="dimmed">
            {rolesOf(t, session)}
          </Text>
        </Menu.Label>
        {relay && (
          <>
            <Menu.Label>{t('whoSendsWhatYouSign')}</Menu.Label>
            <Menu.RadioGroup value={sender} onChange={(value) => choose(value === 'self' ? 'self' : 'relay')}>
              <Menu.RadioItem value="relay" closeMenuOnClick>
                {t('theRelayFree')}
              </Menu.RadioItem>
              <Menu.RadioItem value="self" closeMenuOnClick>
                {t('myWalletNeedsEther')}
              </Menu.RadioItem>
            </Menu.RadioGroup>
            <Menu.Divider />
          </>
        )}
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => disconnect({})}>
          {t('disconnect')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function rolesOf(
  t: Translate<'session'>,
  { patient, provider, managedAreas }: ReturnType<typeof useSession>,
): string {
  const roles = [
    patient && t('patient'),
    provider && t('provider', { standing: t(`standings.${provider.status}`) }),
    managedAreas.length > 0 && t('managerOfArea', { areas: managedAreas.join(', ') }),
  ].filter(Boolean);
  return roles.length === 0 ? t('notRegisteredYet') : roles.join(' · ');
}
