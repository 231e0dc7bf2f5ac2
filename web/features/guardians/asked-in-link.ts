import { type Address, getAddress, isAddress } from 'viem';

/** What somebody who lost their wallet asks of a guardian. */
export type WalletAsked = { readonly patient: Address; readonly wallet: Address };

/** Behind the `#`, which no server is sent. */
const PARAMETERS = ['patient', 'wallet'] as const;

/** The address of a guardian's page that names a patient and the new wallet. */
export function linkFor(origin: string, { patient, wallet }: WalletAsked): string {
  return `${origin}/guardian#${new URLSearchParams({ patient, wallet })}`;
}

/** What such a link, or the part behind its `#`, asks; undefined for anything else. */
export function askedIn(link: string): WalletAsked | undefined {
  const parameters = new URLSearchParams(link.slice(link.indexOf('#') + 1).trim());
  const [patient, wallet] = PARAMETERS.map((name) => parameters.get(name) ?? '');
  if (!isAddress(patient ?? '', { strict: false }) || !isAddress(wallet ?? '', { strict: false }))
    return undefined;
  return { patient: getAddress(patient as Address), wallet: getAddress(wallet as Address) };
}
