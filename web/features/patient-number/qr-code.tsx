'use client';

import { Box } from '@mantine/core';
import { encodeQR } from 'qr';
import { useMemo } from 'react';

/** White around it that readers need, in modules. */
const QUIET = 4;

/** Black on white in every theme: that is what cameras read. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
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
      w={240}
      maw="100%"
      bg="#fff"
      style={{ borderRadius: 8, display: 'block' }}
    >
      <path d={path} fill="#000" />
    </Box>
  );
}

function drawn(rows: readonly (readonly boolean[])[]): { readonly path: string; readonly size: number } {
  const squares = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { path: squares.join(''), size: rows.length };
}
