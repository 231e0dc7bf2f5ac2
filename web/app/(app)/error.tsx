'use client';

import { Crashed } from '../../ui/index.ts';

type RouteErrorProps = { readonly reset: () => void };

export default function RouteError({ reset }: RouteErrorProps) {
  return <Crashed onRetry={reset} />;
}
