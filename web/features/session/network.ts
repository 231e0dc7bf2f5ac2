'use client';

import type { ChartkeyClient } from '@chartkey/sdk';
import { createContext, use, useMemo } from 'react';
import type { AppConfig } from '../../server/config.ts';
import { readerOf } from './reader.ts';

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
