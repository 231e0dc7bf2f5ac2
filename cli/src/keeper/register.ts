import {
  advanceEpoch,
  type ChartkeyClient,
  ChartkeyError,
  type EpochPlan,
  type EpochProgress,
  keeperEpoch,
  planEpoch,
  publishPublicKey,
} from '@chartkey/sdk';
import { readerFor, signerFor, storageIfSet, uploadTo } from '../access.ts';
import type { Command, Given } from '../command.ts';
import { addressFrom } from '../inputs.ts';
import type { Result } from '../output.ts';
import { CHAIN_OPTIONS, STORAGE_OPTIONS, WALLET_OPTIONS } from '../settings.ts';
import { readSeat, type Seat } from './keys.ts';

export const REGISTER_OPTIONS = { ...CHAIN_OPTIONS, ...STORAGE_OPTIONS, ...WALLET_OPTIONS };

export const register: Command = {
  name: 'keeper register',
  says: 'Governance: starts an epoch in which keepers join, leave or have another key, or with another threshold',
  options: {
    seat: { value: 'FILE', says: 'a keeper that joins or changes; may be repeated', multiple: true },
    leave: { value: 'ADDRESS', says: 'an operator that leaves; may be repeated', multiple: true },
    threshold: { value: 'K', says: 'how many keepers open a record from now on (default: as before)' },
    'dry-run': { says: 'show the epoch, and send nothing' },
    ...REGISTER_OPTIONS,
  },
  more: 'Where governance has a delay, the first run schedules the epoch in public, and the same run after the delay starts it. Records of epochs before stay with their keepers.',
  examples: ['keeper register --seat keeper.key.seat.json --dry-run'],
  run: async (given) => {
    const seats = await Promise.all(given.list('seat').map(readSeat));
    const leaving = given.list('leave').map((text) => addressFrom(text, '--leave'));
    return startNextEpoch(given, { seats, leaving, threshold: thresholdFrom(given.text('threshold')) });
  },
};

type Change = {
  readonly seats: readonly Seat[];
  readonly leaving: readonly `0x${string}`[];
  readonly threshold?: number | undefined;
};

export async function startNextEpoch(given: Given, change: Change): Promise<Result> {
  const isRehearsal = given.on('dry-run');
  const client = await (isRehearsal ? readerFor(given) : signerFor(given));
  const current = await keeperEpoch(client);
  const plan = planEpoch(current, change);
  requireSense(plan, current?.keepers ?? [], current?.threshold);
  const told = { epoch: (current?.epoch ?? 0) + 1, ...plan };
  if (isRehearsal) {
    return {
      json: { state: 'planned', ...told },
      lines: [`Epoch ${told.epoch} would be:`, ...linesOf(plan)],
    };
  }
  await publish(given, client, change.seats);
  const progress = await advanceEpoch(client, plan);
  return {
    json: { ...progress, ...told },
    lines: [await sentenceOf(client, progress, told.epoch), ...linesOf(plan)],
  };
}

/** Authors find a keeper's key in storage, by the hash that stands on chain. */
async function publish(given: Given, client: ChartkeyClient, seats: readonly Seat[]): Promise<void> {
  if (seats.length === 0 || !(await storageIfSet(given))) return;
  const storage = await uploadTo(given, client);
  for (const { publicKey } of seats) await publishPublicKey(storage, publicKey);
}

function requireSense(plan: EpochPlan, before: EpochPlan['keepers'], threshold: number | undefined): void {
  const { keepers } = plan;
  const names = (list: EpochPlan['keepers']) =>
    list
      .map(({ operator, publicKeyHash, endpoint }) =>
        `${operator} ${publicKeyHash} ${endpoint}`.toLowerCase(),
      )
      .join();
  if (names(keepers) === names(before) && plan.threshold === threshold) {
    throw new ChartkeyError('INPUT_INVALID', 'This epoch would be as the one that there is.');
  }
  if (new Set(keepers.map(({ publicKeyHash }) => publicKeyHash)).size < keepers.length) {
    throw new ChartkeyError('INPUT_INVALID', 'Two keepers would have the same key.');
  }
  if (keepers.length < 2 || plan.threshold < 2 || plan.threshold > keepers.length) {
    throw new ChartkeyError(
      'INPUT_INVALID',
      `It takes 2 keepers at least and a threshold of 2 to all of them; this is ${plan.threshold} of ${keepers.length}.`,
    );
  }
}

async function sentenceOf(client: ChartkeyClient, progress: EpochProgress, epoch: number): Promise<string> {
  if (progress.state === 'started') return `Epoch ${epoch} has started:`;
  const { timestamp } = await client.publicClient.getBlock();
  const seconds = Math.max(0, progress.readyAt - Number(timestamp));
  const said = progress.state === 'scheduled' ? 'is scheduled' : 'waits for governance’s delay';
  return `Epoch ${epoch} ${said}. Run this again in ${seconds} s to start it:`;
}

function linesOf({ keepers, threshold }: EpochPlan): string[] {
  return [
    `  ${threshold} of ${keepers.length} keepers`,
    ...keepers.map(({ operator, publicKeyHash, endpoint }) => `  ${operator}  ${publicKeyHash}  ${endpoint}`),
  ];
}

function thresholdFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new ChartkeyError('INPUT_INVALID', '--threshold: must be a whole number.');
}
