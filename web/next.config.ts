import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

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

export default config;
