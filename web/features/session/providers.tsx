'use client';

import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type ReactNode, useMemo, useState } from 'react';
import { createConfig, http, WagmiProvider } from 'wagmi';
import { chainOf, RPC_PATH } from '../../chain/index.ts';
import type { AppConfig } from '../../server/config.ts';
import { cssVariables, themeWith } from '../../ui/theme.ts';
import { NetworkContext } from './network.ts';

type ProvidersProps = {
  readonly config: AppConfig;
  readonly nonce: string;
  readonly children: ReactNode;
};

export function Providers({ config, nonce: newest, children }: ProvidersProps) {
  const t = useTranslations('ui');
  const theme = useMemo(() => themeWith(t('close')), [t]);
  // A change of language renders anew on the server; the policy of this page stays what it was.
  const [nonce] = useState(newest);
  const [queries] = useState(
    () =>
      new QueryClient({
        defaultOptions: { queries: { staleTime: 4_000, retry: 1, refetchOnWindowFocus: true } },
      }),
  );
  useState(() => giveNonce(nonce));
  const chain = useMemo(() => chainOf(config), [config]);
  const [wagmi] = useState(() =>
    createConfig({
      chains: [chain],
      transports: { [chain.id]: http(RPC_PATH) },
      // Wallets announce themselves (EIP-6963); no wallet's own code is loaded.
      connectors: [],
      multiInjectedProviderDiscovery: true,
      ssr: true,
    }),
  );
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={cssVariables}
      getStyleNonce={() => nonce}
    >
      <WagmiProvider config={wagmi}>
        <QueryClientProvider client={queries}>
          <NetworkContext value={config}>{children}</NetworkContext>
        </QueryClientProvider>
      </WagmiProvider>
    </MantineProvider>
  );
}

/**
 * Dialogs lock the page's scrolling with a style element. The library that writes it looks for
 * its nonce in this one place.
 */
function giveNonce(nonce: string): void {
  if (typeof window !== 'undefined') Object.assign(window, { __webpack_nonce__: nonce });
}
