import {
  type ChartkeyClient,
  ChartkeyError,
  type Envelope,
  type HandoverEntry,
  type HandoverHeader,
  IntegrityError,
  type Keeper,
  type KeyPair,
  keeperEpoch,
  openHandover,
  openKeeperBlock,
  parseEnvelope,
  type RecordId,
  rawCid,
  readBlock,
  recordIdsUpTo,
  recordOf,
  type StorageClient,
  sealHandover,
} from '@chartkey/sdk';
import { type Address, bytesToHex, type Hex, hexToBytes, isAddressEqual } from 'viem';
import { readerFor, storageFor } from '../access.ts';
import type { Command, Given } from '../command.ts';
import { addressFrom } from '../inputs.ts';
import type { Result } from '../output.ts';
import { CHAIN_OPTIONS, STORAGE_OPTIONS } from '../settings.ts';
import { HandoverFile, readHandover } from './handover-file.ts';
import { openKey, PASSPHRASE_OPTIONS, passphraseFor } from './keys.ts';

/** Envelopes that are fetched at once, and entries that are synced together. */
const AT_ONCE = 32;

export const handover: Command = {
  name: 'keeper handover',
  says: 'Seals a leaving keeper’s shares of an epoch to its successor, or checks what was handed over',
  options: {
    'key-file': {
      value: 'FILE',
      says: 'the key of the keeper that leaves; with --verify the successor’s',
      needed: true,
    },
    epoch: { value: 'N', says: 'whose shares are handed over' },
    to: {
      value: 'ADDRESS',
      says: 'the successor: a keeper of the current epoch that had no seat in epoch N',
    },
    out: { value: 'FILE', says: 'where the sealed shares go; run again with the same file to go on' },
    verify: { value: 'FILE', says: 'open each share in this file and hold it against its commitment' },
    ...CHAIN_OPTIONS,
    ...STORAGE_OPTIONS,
    ...PASSPHRASE_OPTIONS,
  },
  more: 'Reads envelopes alone, never a body. The successor names the file in CHARTKEY_KEEPER_HANDOVER_FILES.',
  examples: ['keeper handover --epoch 1 --to 0x… --key-file keeper.key --out shares'],
  run: (given) => (given.text('verify') === undefined ? handOver(given) : verify(given)),
};

async function handOver(given: Given): Promise<Result> {
  const number = Number(given.needed('epoch'));
  const storage = await storageFor(given);
  const client = await readerFor(given);
  const keyPair = await openKey(given.needed('key-file'), await passphraseFor(given, { fresh: false }));
  const taker = await successorOf(client, {
    number,
    giver: bytesToHex(keyPair.publicKeyHash),
    to: addressFrom(given.needed('to'), '--to'),
  });
  const { chainId, records: recordIndex } = client.deployment;
  const header: HandoverHeader = {
    ...{ chainId: BigInt(chainId), recordIndex, epoch: number },
    giver: bytesToHex(keyPair.publicKeyHash),
    taker: taker.publicKeyHash,
  };
  const publicKey = await readBlock(storage, rawCid(hexToBytes(taker.publicKeyHash)));
  const file = await HandoverFile.resume(given.needed('out'), header);
  try {
    return told(await new Handover({ client, storage, keyPair, publicKey, file, epoch: number }).run());
  } finally {
    await file.close();
  }
}

type Handing = {
  readonly client: ChartkeyClient;
  readonly storage: StorageClient;
  readonly keyPair: KeyPair;
  readonly publicKey: Uint8Array;
  readonly file: HandoverFile;
  readonly epoch: number;
};

/** What became of a record's share. */
type Outcome = 'handed' | 'already' | 'other-epoch' | 'ended' | 'missing' | 'broken';
type Counts = Record<Outcome, number>;

class Handover {
  readonly #handing: Handing;
  readonly #counts: Counts = { handed: 0, already: 0, 'other-epoch': 0, ended: 0, missing: 0, broken: 0 };

  constructor(handing: Handing) {
    this.#handing = handing;
  }

  async run(): Promise<Counts> {
    const { client, file } = this.#handing;
    const blockNumber = await client.publicClient.getBlockNumber({ cacheTime: 0 });
    const ids = await recordIdsUpTo(client, { blockNumber });
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const results = await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => this.#entryOf(id)));
      await file.add(results.filter((result) => typeof result === 'object'));
      for (const result of results) this.#counts[typeof result === 'object' ? 'handed' : result]++;
      console.error(`${Math.min(at + AT_ONCE, ids.length)} of ${ids.length} records`);
    }
    return this.#counts;
  }

  async #entryOf(recordId: RecordId): Promise<HandoverEntry | Exclude<Outcome, 'handed'>> {
    const { client, file, storage, epoch, keyPair, publicKey } = this.#handing;
    const record = await recordOf(client, { recordId });
    if (!record || record.status === 'Retired' || record.status === 'Rejected') return 'ended';
    const { envelopeDigest } = record;
    if (file.has(envelopeDigest)) return 'already';
    const envelope = await envelopeOf(storage, envelopeDigest);
    if (!envelope) return 'missing';
    if (envelope.epoch !== epoch) return 'other-epoch';
    try {
      const share = await openKeeperBlock(envelope, keyPair);
      // An author who names this epoch and seals to others gave this keeper nothing.
      if (!share) return 'broken';
      const sealed = await sealHandover({ ...share, envelope, publicKey });
      share.share.fill(0);
      return { envelopeDigest, index: share.index, sealed };
    } catch (error) {
      if (error instanceof IntegrityError) return 'broken';
      throw error;
    }
  }
}

function told(counts: Counts): Result {
  const { handed, already, missing, broken } = counts;
  return {
    json: counts,
    lines: [
      `${handed + already} shares are in the file, ${handed} of them new.`,
      `${counts['other-epoch']} records are of other epochs, ${counts.ended} have ended.`,
      ...(broken > 0
        ? [`${broken} records had no share for this keeper that opens: nothing is lost with them.`]
        : []),
      ...(missing > 0 ? [`${missing} envelopes were not in storage. Run this again when they are.`] : []),
    ],
    exitCode: missing > 0 ? 1 : 0,
  };
}

/** @throws ChartkeyError `INPUT_INVALID`: two shares of one epoch must not come into one hand */
async function successorOf(
  client: ChartkeyClient,
  { number, giver, to }: { readonly number: number; readonly giver: Hex; readonly to: Address },
): Promise<Keeper> {
  const [epoch, current] = await Promise.all([keeperEpoch(client, { epoch: number }), keeperEpoch(client)]);
  if (!epoch?.keepers.some(({ publicKeyHash }) => publicKeyHash === giver)) {
    throw new ChartkeyError('INPUT_INVALID', 'This key has no seat in that epoch.');
  }
  const taker = current?.keepers.find(({ operator }) => isAddressEqual(operator, to));
  if (!taker) throw new ChartkeyError('INPUT_INVALID', '--to: has no seat in the current epoch.');
  const sits = epoch.keepers.some(
    ({ operator, publicKeyHash }) => isAddressEqual(operator, to) || publicKeyHash === taker.publicKeyHash,
  );
  if (!sits) return taker;
  throw new ChartkeyError(
    'INPUT_INVALID',
    '--to: has a share of its own in that epoch, and must not get a second.',
    {
      advice: 'Choose a keeper that joined later.',
    },
  );
}

async function verify(given: Given): Promise<Result> {
  const storage = await storageFor(given);
  const keyPair = await openKey(given.needed('key-file'), await passphraseFor(given, { fresh: false }));
  const { header, entries } = await readHandover(given.needed('verify'));
  if (header.taker !== bytesToHex(keyPair.publicKeyHash)) {
    throw new ChartkeyError('INPUT_INVALID', '--verify: this file was made for another key.');
  }
  const counts = { good: 0, broken: 0, missing: 0 };
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const checks = entries.slice(at, at + AT_ONCE).map((entry) => check(entry, { header, storage, keyPair }));
    for (const outcome of await Promise.all(checks)) counts[outcome]++;
    console.error(`${Math.min(at + AT_ONCE, entries.length)} of ${entries.length} shares`);
  }
  const { good, broken, missing } = counts;
  return {
    json: { ...counts, epoch: header.epoch, giver: header.giver },
    lines: [
      `${good} shares open and match their commitments; ${broken} do not, ${missing} envelopes are not in storage.`,
    ],
    exitCode: broken + missing > 0 ? 1 : 0,
  };
}

async function check(
  { envelopeDigest, index, sealed }: HandoverEntry,
  { header, storage, keyPair }: { header: HandoverHeader; storage: StorageClient; keyPair: KeyPair },
): Promise<'good' | 'broken' | 'missing'> {
  const envelope = await envelopeOf(storage, envelopeDigest);
  if (!envelope) return 'missing';
  const block = envelope.keeperBlocks[index];
  if (envelope.epoch !== header.epoch || !block || bytesToHex(block.recipient) !== header.giver)
    return 'broken';
  try {
    (await openHandover({ envelope, index, keyPair, sealed })).share.fill(0);
    return 'good';
  } catch (error) {
    if (error instanceof IntegrityError) return 'broken';
    throw error;
  }
}

/** Storage checks the digest; undefined if nobody has it or it is no envelope. */
async function envelopeOf(storage: StorageClient, digest: Hex): Promise<Envelope | undefined> {
  try {
    return parseEnvelope(await readBlock(storage, rawCid(hexToBytes(digest))));
  } catch (error) {
    if (error instanceof ChartkeyError) return undefined;
    throw error;
  }
}
