export { ProviderLine } from './provider-line.tsx';
export { useProviders } from './use-providers.ts';
