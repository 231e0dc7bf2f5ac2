'use client';

import type { ChartkeyClient } from '@chartkey/sdk';
import { createContext, use, useMemo } from 'react';
import { readerOf } from '../../chain/index.ts';
import type { AppConfig } from '../../server/config.ts';

export const NetworkContext = createContext<AppConfig | undefined>(undefined);

/** The network this server works on. */
export function useNetwork(): AppConfig {
  const config = use(NetworkContext);
  if (!config) throw new Error('useNetwork needs Providers above it.');
  return config;
}

export function useReader(): ChartkeyClient {
  const config = useNetwork();
  return useMemo(() => readerOf(config), [config]);
}
