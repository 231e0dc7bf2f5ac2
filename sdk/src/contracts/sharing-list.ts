import type { Address, Hex } from 'viem';
import { purposesFromMask } from '../hl7/index.ts';
import { compartmentsFromMask } from './compartments.ts';
import { type ChainConsent, type Consent, consentFromChain, type Scope } from './consents.ts';

export type ConsentGiven = {
  readonly patient: Address;
  readonly accessor: Address;
  readonly consent: Consent;
};

export type ConsentRequest = Scope & {
  readonly patient: Address;
  readonly accessor: Address;
  readonly messageDigest: Hex;
  readonly blockNumber: bigint;
  /** What became of it: later requests of the same accessor replace earlier ones. */
  readonly state: 'pending' | 'granted' | 'declined';
};

export type Sharing = {
  /** In the registry, also expired ones; the latest given last. */
  readonly consents: readonly ConsentGiven[];
  /** The latest between each patient and accessor. */
  readonly requests: readonly ConsentRequest[];
};

export const NO_SHARING: Sharing = { consents: [], requests: [] };

export const SHARING_EVENTS = [
  'ConsentRequested',
  'RequestDeclined',
  'ConsentGranted',
  'ConsentAmended',
  'ConsentRevoked',
  'AllConsentsRevoked',
] as const;

/** An event of ConsentRegistry, as far as these lists depend on it. */
export type SharingEvent =
  | {
      readonly eventName: 'ConsentRequested';
      readonly blockNumber: bigint;
      readonly args: Pair & {
        readonly compartments: bigint;
        readonly purposes: number;
        readonly expiresAt: number;
        readonly messageDigest: Hex;
      };
    }
  | { readonly eventName: 'RequestDeclined'; readonly args: Pair }
  | { readonly eventName: 'ConsentRevoked'; readonly args: Pair }
  | {
      readonly eventName: 'ConsentGranted' | 'ConsentAmended';
      readonly args: Pair & { readonly consent: ChainConsent };
    }
  | { readonly eventName: 'AllConsentsRevoked'; readonly args: { readonly patient: Address } };

type Pair = { readonly patient: Address; readonly accessor: Address };

/**
 * Consents and requests after some more events. The events tell the whole state
 * (contracts/interfaces/IConsentRegistry.sol), so a clinician with three thousand patients costs six
 * questions and not three thousand. Applying the last events twice changes nothing.
 */
export function withSharingEvents(before: Sharing, events: readonly SharingEvent[]): Sharing {
  if (events.length === 0) return before;
  const consents = new Map(before.consents.map((given) => [keyOf(given), given]));
  const requests = new Map(before.requests.map((request) => [keyOf(request), request]));
  for (const event of events) {
    if (event.eventName === 'AllConsentsRevoked') {
      for (const [key, { patient }] of consents) if (patient === event.args.patient) consents.delete(key);
      continue;
    }
    const { patient, accessor } = event.args;
    const key = keyOf(event.args);
    if (event.eventName === 'ConsentRequested') requests.set(key, requestOf(event));
    else if (event.eventName === 'ConsentRevoked') consents.delete(key);
    else {
      const asked = requests.get(key);
      const declined = event.eventName === 'RequestDeclined';
      if (asked) requests.set(key, { ...asked, state: declined ? 'declined' : 'granted' });
      if (event.eventName === 'RequestDeclined') continue;
      // Given anew it is the latest, whether these events are read the first time or again.
      if (event.eventName === 'ConsentGranted') consents.delete(key);
      consents.set(key, { patient, accessor, consent: consentFromChain(event.args.consent) });
    }
  }
  return { consents: [...consents.values()], requests: [...requests.values()] };
}

function requestOf({
  args,
  blockNumber,
}: Extract<SharingEvent, { eventName: 'ConsentRequested' }>): ConsentRequest {
  const { patient, accessor, expiresAt, messageDigest } = args;
  return {
    ...{ patient, accessor, expiresAt, messageDigest, blockNumber },
    compartments: compartmentsFromMask(args.compartments),
    purposes: purposesFromMask(args.purposes),
    state: 'pending',
  };
}

function keyOf({ patient, accessor }: Pair): string {
  return `${patient}${accessor}`;
}
