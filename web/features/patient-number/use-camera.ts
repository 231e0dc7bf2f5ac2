'use client';

import { type RefObject, useEffect, useState } from 'react';
import { codeReader } from './read-code.ts';

export type CameraState = 'asking' | 'looking' | 'refused' | 'none' | 'busy';

/** Between two looks, in ms. */
const LOOK_EVERY_MS = 150;

/** Shows the camera in a video element and says what codes it sees, until the component goes. */
export function useCamera(
  video: RefObject<HTMLVideoElement | null>,
  onCode: (text: string) => void,
): CameraState {
  const [state, setState] = useState<CameraState>('asking');
  useEffect(() => {
    let stopped = false;
    let stream: MediaStream | undefined;
    const watch = async (element: HTMLVideoElement) => {
      const read = await codeReader();
      while (!stopped) {
        const text = await read(element).catch(() => undefined);
        if (text !== undefined && !stopped) onCode(text);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    };
    const start = async () => {
      try {
        stream = await openCamera();
        const element = video.current;
        if (stopped || !element) return stop(stream);
        element.srcObject = stream;
        await element.play();
        setState('looking');
        await watch(element);
      } catch (error) {
        if (!stopped) setState(stateOf(error));
      }
    };
    void start();
    return () => {
      stopped = true;
      stop(stream);
    };
  }, [video, onCode]);
  return state;
}

async function openCamera(): Promise<MediaStream> {
  // Absent where a page is not served over https.
  if (!('mediaDevices' in navigator)) throw new DOMException('none', 'NotFoundError');
  return navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
}

function stop(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function stateOf(error: unknown): CameraState {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'none';
}
