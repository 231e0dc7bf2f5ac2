'use client';

import { Alert, Button, FileButton, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCameraOff, IconPhoto } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type NamedPatient, parsePatient } from './parse.ts';
import { codeReader } from './read-code.ts';
import { type CameraState, useCamera } from './use-camera.ts';

type ScanDialogProps = {
  readonly onClose: () => void;
  readonly onFound: (text: string, named: NamedPatient) => void;
};

/** After this long without a code, how to hold it is said. */
const HINT_MS = 8_000;
const MAX_PICTURE_BYTES = 25_000_000;

/** The camera, and a picture of the code for whoever has none. What it sees stays in this page. */
export function ScanDialog({ onClose, onFound }: ScanDialogProps) {
  const [problem, setProblem] = useState<string>();
  const take = useCallback(
    (text: string) => {
      const named = parsePatient(text);
      if (named) onFound(text, named);
      else setProblem('This code is not a patient number. Ask the patient to show theirs, under Home.');
    },
    [onFound],
  );
  return (
    <Modal opened onClose={onClose} title="Scan a patient’s code">
      <Stack gap="sm">
        <Camera onCode={take} />
        {problem !== undefined && (
          <Text size="sm" c="var(--mantine-color-red-light-color)" role="alert">
            {problem}
          </Text>
        )}
        <FileButton
          accept="image/png,image/jpeg,image/webp"
          onChange={(file) =>
            void readPicture(file).then((text) => (text === undefined ? setProblem(UNREADABLE) : take(text)))
          }
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconPhoto size={16} aria-hidden />}>
              Choose a picture of the code
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          The picture stays in this browser.
        </Text>
      </Stack>
    </Modal>
  );
}

const UNREADABLE =
  'No code could be read in this picture. Take it from straight above, with the whole code in it.';

const CAMERA: Readonly<Record<Exclude<CameraState, 'looking' | 'asking'>, readonly [string, string]>> = {
  refused: [
    'The camera is not allowed here',
    'Allow it in the browser’s settings for this page, or choose a picture of the code.',
  ],
  none: ['No camera found', 'Choose a picture of the code, or type the patient number.'],
  busy: ['The camera does not start', 'Another program may be using it. Close that one and open this again.'],
};

function Camera({ onCode }: { readonly onCode: (text: string) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const state = useCamera(video, onCode);
  const slow = useSlow(state === 'looking');
  const failed = state === 'looking' || state === 'asking' ? undefined : CAMERA[state];
  return (
    <>
      {failed && (
        <Alert
          color="orange"
          variant="light"
          icon={<IconCameraOff aria-hidden />}
          title={failed[0]}
          role="alert"
        >
          {failed[1]}
        </Alert>
      )}
      <video
        ref={video}
        muted
        playsInline
        hidden={failed !== undefined}
        aria-label="What the camera sees"
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
            {state === 'asking' && 'Your browser asks whether this page may use the camera.'}
            {state === 'looking' && (slow ? SLOW : 'Hold the code in front of the camera.')}
          </Text>
        </Group>
      )}
    </>
  );
}

const SLOW = 'No code seen yet. Bring it closer, hold it still, and turn up the screen’s brightness.';

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
