import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';
import { LANGUAGES } from './i18n/languages.ts';

const config: NextConfig = {
  transpilePackages: ['@chartkey/sdk'],
  // The SDK lies beside this folder, so the root of what may be bundled is the repository.
  turbopack: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    resolveAlias: { fs: { browser: './features/content/scan/no-files.ts' } },
  },
  poweredByHeader: false,
  // A worker obeys the policy that came with its own script, not that of the page that started it.
  // WebAssembly is for the decoders of scans; text still never becomes a program.
  headers: async () => [
    {
      source: '/_next/static/:path*',
      headers: [
        {
          key: 'content-security-policy',
          value: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
        },
      ],
    },
  ],
  reactStrictMode: true,
  images: { unoptimized: true },
  experimental: { optimizePackageImports: ['@mantine/core', '@mantine/hooks', '@tabler/icons-react'] },
};

// Messages are parsed here, once: the parser would be a twentieth of what the first page may load.
const withMessages = createNextIntlPlugin({
  requestConfig: './i18n/request.ts',
  experimental: {
    messages: {
      path: './messages',
      format: 'json',
      locales: [...LANGUAGES],
      sourceLocale: LANGUAGES[0],
      precompile: true,
    },
  },
});

export default withMessages(config);
