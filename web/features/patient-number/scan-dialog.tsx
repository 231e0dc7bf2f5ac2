'use client';

import { Alert, Button, FileButton, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCameraOff, IconPhoto } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type NamedPatient, parsePatient } from './parse.ts';
import { codeReader } from './read-code.ts';
import { useCamera } from './use-camera.ts';

type ScanDialogProps = {
  readonly onClose: () => void;
  readonly onFound: (text: string, named: NamedPatient) => void;
};

/** After this long without a code, how to hold it is said. */
const HINT_MS = 8_000;
const MAX_PICTURE_BYTES = 25_000_000;

/** The camera, and a picture of the code for whoever has none. What it sees stays in this page. */
export function ScanDialog({ onClose, onFound }: ScanDialogProps) {
  const t = useTranslations('patientNumber');
  const [problem, setProblem] = useState<'thisCodeIsNotA' | 'unreadable'>();
  const take = useCallback(
    (text: string) => {
      const named = parsePatient(text);
      if (named) onFound(text, named);
      else setProblem('thisCodeIsNotA');
    },
    [onFound],
  );
  return (
    <Modal opened onClose={onClose} title={t('scanAPatientsCode')}>
      <Stack gap="sm">
        <Camera onCode={take} />
        {problem !== undefined && (
          <Text size="sm" c="var(--mantine-color-red-light-color)" role="alert">
            {t(problem)}
          </Text>
        )}
        <FileButton
          accept="image/png,image/jpeg,image/webp"
          onChange={(file) =>
            void readPicture(file).then((text) =>
              text === undefined ? setProblem('unreadable') : take(text),
            )
          }
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconPhoto size={16} aria-hidden />}>
              {t('chooseAPictureOfThe')}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {t('thePictureStaysInThis')}
        </Text>
      </Stack>
    </Modal>
  );
}

function Camera({ onCode }: { readonly onCode: (text: string) => void }) {
  const t = useTranslations('patientNumber');
  const video = useRef<HTMLVideoElement>(null);
  const state = useCamera(video, onCode);
  const slow = useSlow(state === 'looking');
  const failed = state === 'looking' || state === 'asking' ? undefined : state;
  return (
    <>
      {failed && (
        <Alert
          color="orange"
          variant="light"
          icon={<IconCameraOff aria-hidden />}
          title={t(`camera.${failed}.title`)}
          role="alert"
        >
          {t(`camera.${failed}.text`)}
        </Alert>
      )}
      <video
        ref={video}
        muted
        playsInline
        hidden={failed !== undefined}
        aria-label={t('whatTheCameraSees')}
        style={{
          width: '100%',
          aspectRatio: '4 / 3',
          objectFit: 'cover',
          borderRadius: 8,
          background: '#000',
        }}
      />
      {!failed && (
        <Group gap="xs">
          <Text size="sm" role="status">
            {state === 'asking' && t('yourBrowserAsksWhetherThis')}
            {state === 'looking' && t(slow ? 'noCodeSeenYet' : 'holdTheCodeInFront')}
          </Text>
        </Group>
      )}
    </>
  );
}

function useSlow(looking: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!looking) return;
    const timer = setTimeout(() => setSlow(true), HINT_MS);
    return () => clearTimeout(timer);
  }, [looking]);
  return slow;
}

async function readPicture(file: File | null): Promise<string | undefined> {
  if (!file || file.size > MAX_PICTURE_BYTES) return undefined;
  try {
    const picture = await createImageBitmap(file);
    const read = await codeReader();
    return await read(picture).finally(() => picture.close());
  } catch {
    return undefined;
  }
}
