'use client';

import { Box } from '@mantine/core';
import { encodeQR } from 'qr';
import { useMemo } from 'react';

/** White around it that readers need, in modules. */
const QUIET = 4;

type QrCodeProps = {
  readonly text: string;
  readonly label: string;
  /** In px, or as CSS has it; never wider than what it stands in. */
  readonly width?: number | string;
};

/** Black on white in every theme: that is what cameras read. */
export function QrCode({ text, label, width = 240 }: QrCodeProps) {
  const { path, size } = useMemo(
    () => drawn(encodeQR(text, 'raw', { ecc: 'medium', border: QUIET })),
    [text],
  );
  return (
    <Box
      component="svg"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      w={width}
      maw="100%"
      bg="#fff"
      style={{ borderRadius: 8, display: 'block', flexShrink: 0 }}
    >
      <path d={path} fill="#000" />
    </Box>
  );
}

function drawn(rows: readonly (readonly boolean[])[]): { readonly path: string; readonly size: number } {
  const squares = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { path: squares.join(''), size: rows.length };
}
