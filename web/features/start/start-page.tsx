'use client';

import {
  Anchor,
  Box,
  Button,
  Card,
  Container,
  Group,
  SimpleGrid,
  Stack,
  Text,
  ThemeIcon,
  Title,
} from '@mantine/core';
import { IconEye, IconKey, IconLock, IconStethoscope, IconUser, IconUserCheck } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { LanguageMenu, Logo, ThemeButton } from '../../ui/index.ts';
import { useSession, WalletMenu } from '../session/index.ts';

const PROMISES = [
  {
    icon: IconLock,
    title: 'lockedBeforeItLeaves',
    text: 'yourFilesAreEncrypted',
  },
  {
    icon: IconKey,
    title: 'youDecideWhoOpens',
    text: 'giveADoctorAccess',
  },
  {
    icon: IconEye,
    title: 'youSeeWhoLooked',
    text: 'nobodyElseCanOpen',
  },
] as const;

const AUDIENCE = [
  {
    icon: IconUser,
    title: 'patients',
    text: 'keepYourRecordsShare',
    href: '/patient',
    label: 'goToMyChart',
  },
  {
    icon: IconStethoscope,
    title: 'cliniciansAndLabs',
    text: 'askForAccessRead',
    href: '/clinician',
    label: 'goToMyPatients',
  },
  {
    icon: IconUserCheck,
    title: 'managers',
    text: 'verifyWhoIsA',
    href: '/manager',
    label: 'goToTheQueue',
  },
] as const;

/** The first page: what this is, for whom, and how to look around without a wallet. */
export function StartPage() {
  const t = useTranslations('start');
  const session = useSession();
  return (
    <>
      <Box component="header" py="sm">
        <Container size="lg">
          <Group justify="space-between" wrap="nowrap">
            <Group gap="xs" wrap="nowrap">
              <Logo />
              <Text fw={650} size="lg">
                Chartkey
              </Text>
            </Group>
            <Group gap="xs" wrap="nowrap">
              <LanguageMenu />
              <ThemeButton />
              <WalletMenu />
            </Group>
          </Group>
        </Container>
      </Box>
      <Container size="lg" component="main" pb={64}>
        <Stack gap="md" py={{ base: 40, sm: 72 }} maw={720}>
          <Title order={1} fz={{ base: 34, sm: 52 }} lh={1.1} style={{ letterSpacing: '-0.02em' }}>
            {t('yourHealthRecordsYourKey')}
          </Title>
          <Text fz={{ base: 'md', sm: 'lg' }} c="dimmed" maw={600}>
            {t('keepYourMedicalRecordsEncrypted')}
          </Text>
          <Group mt="sm">
            <Button size="lg" component={Link} href={session.address ? '/patient' : '/connect'}>
              {session.address ? t('goToMyChart') : t('connectYourWallet')}
            </Button>
            <Button size="lg" variant="default" component={Link} href="/demo">
              {t('tryWithSampleData')}
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            {t('lookingAroundNeedsNoWallet')}
          </Text>
        </Stack>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="lg">
          {PROMISES.map(({ icon: Icon, title, text }) => (
            <Card key={title}>
              <ThemeIcon variant="light" size={44} radius="md" aria-hidden>
                <Icon size={24} />
              </ThemeIcon>
              <Title order={2} size="h4" mt="md" mb={4}>
                {t(title)}
              </Title>
              <Text c="dimmed">{t(text)}</Text>
            </Card>
          ))}
        </SimpleGrid>
        <Title order={2} size="h3" mt={56} mb="md">
          {t('whoItIsFor')}
        </Title>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="lg">
          {AUDIENCE.map(({ icon: Icon, title, text, href, label }) => (
            <Card key={title}>
              <Stack h="100%" justify="space-between">
                <div>
                  <Group gap="xs">
                    <Icon size={20} aria-hidden />
                    <Title order={3} size="h5">
                      {t(title)}
                    </Title>
                  </Group>
                  <Text c="dimmed" mt={4}>
                    {t(text)}
                  </Text>
                </div>
                <Button component={Link} href={href} variant="light" w="fit-content">
                  {t(label)}
                </Button>
              </Stack>
            </Card>
          ))}
        </SimpleGrid>
        <Group gap="lg" mt={40}>
          <Anchor component={Link} href="/verify">
            {t('verifyADocument')}
          </Anchor>
          <Anchor component={Link} href="/network">
            {t('seeWhatHappensOnThe')}
          </Anchor>
        </Group>
        <Text size="sm" c="dimmed" mt="md" maw={700}>
          {t('whatStaysPublicThatAn')}
        </Text>
      </Container>
    </>
  );
}
