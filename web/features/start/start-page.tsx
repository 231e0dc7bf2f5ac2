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
import { Logo, ThemeButton } from '../../ui/index.ts';
import { useSession, WalletMenu } from '../session/index.ts';

const PROMISES = [
  {
    icon: IconLock,
    title: 'Locked before it leaves you',
    text: 'Your files are encrypted in this browser. No server ever sees what is in them.',
  },
  {
    icon: IconKey,
    title: 'You decide who opens it',
    text: 'Give a doctor access to one folder, for one purpose, until a day you choose. Stop it any time.',
  },
  {
    icon: IconEye,
    title: 'You see who looked',
    text: 'Nobody else can open a record without leaving an entry that can never be edited or erased.',
  },
];

const AUDIENCE = [
  {
    icon: IconUser,
    title: 'Patients',
    text: 'Keep your records, share them, see who looked.',
    href: '/patient',
    label: 'Go to my chart',
  },
  {
    icon: IconStethoscope,
    title: 'Clinicians and labs',
    text: 'Ask for access, read a chart, add results.',
    href: '/clinician',
    label: 'Go to my patients',
  },
  {
    icon: IconUserCheck,
    title: 'Managers',
    text: 'Verify who is a provider. You can open no record.',
    href: '/manager',
    label: 'Go to the queue',
  },
];

/** The first page: what this is, for whom, and how to look around without a wallet. */
export function StartPage() {
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
              <ThemeButton />
              <WalletMenu />
            </Group>
          </Group>
        </Container>
      </Box>
      <Container size="lg" component="main" pb={64}>
        <Stack gap="md" py={{ base: 40, sm: 72 }} maw={720}>
          <Title order={1} fz={{ base: 34, sm: 52 }} lh={1.1} style={{ letterSpacing: '-0.02em' }}>
            Your health records. Your key.
          </Title>
          <Text fz={{ base: 'md', sm: 'lg' }} c="dimmed" maw={600}>
            Keep your medical records encrypted, let the people who treat you read what they need, and always
            know who looked.
          </Text>
          <Group mt="sm">
            <Button size="lg" component={Link} href={session.address ? '/patient' : '/connect'}>
              {session.address ? 'Go to my chart' : 'Connect your wallet'}
            </Button>
            <Button size="lg" variant="default" component={Link} href="/demo">
              Try with sample data
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            Looking around needs no wallet and no account.
          </Text>
        </Stack>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="lg">
          {PROMISES.map(({ icon: Icon, title, text }) => (
            <Card key={title}>
              <ThemeIcon variant="light" size={44} radius="md" aria-hidden>
                <Icon size={24} />
              </ThemeIcon>
              <Title order={2} size="h4" mt="md" mb={4}>
                {title}
              </Title>
              <Text c="dimmed">{text}</Text>
            </Card>
          ))}
        </SimpleGrid>
        <Title order={2} size="h3" mt={56} mb="md">
          Who it is for
        </Title>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="lg">
          {AUDIENCE.map(({ icon: Icon, title, text, href, label }) => (
            <Card key={title}>
              <Stack h="100%" justify="space-between">
                <div>
                  <Group gap="xs">
                    <Icon size={20} aria-hidden />
                    <Title order={3} size="h5">
                      {title}
                    </Title>
                  </Group>
                  <Text c="dimmed" mt={4}>
                    {text}
                  </Text>
                </div>
                <Button component={Link} href={href} variant="light" w="fit-content">
                  {label}
                </Button>
              </Stack>
            </Card>
          ))}
        </SimpleGrid>
        <Group gap="lg" mt={40}>
          <Anchor component={Link} href="/verify">
            Verify a document
          </Anchor>
          <Anchor component={Link} href="/network">
            See what happens on the network
          </Anchor>
        </Group>
        <Text size="sm" c="dimmed" mt="md" maw={700}>
          What stays public: that an account exists, who gave access to whom, and when. Never what is in a
          record. What somebody has read can't be taken back.
        </Text>
      </Container>
    </>
  );
}
