import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  checkLog,
  createHeadHasher,
  HEADS_SLOT,
  headOf,
  headSlot,
  type LogEntry,
  type LogProof,
  logEntries,
  proofFileLines,
  verifyLogProof,
  verifyProofFile,
} from '@chartkey/sdk';
import { verifyMerkleProof } from '@ethereumjs/mpt';
import { fromRlp, type Hex, hexToBytes, keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { all, PEOPLE, type World } from '../../indexer/test/world.ts';
import { ROOT } from '../../scripts/lib/process.ts';
import { type AuditWorld, patient, patients, startAuditWorld } from './support/audit-world.ts';

let world: World;
let entries: readonly LogEntry[];
let proof: LogProof;
let trusted: AuditWorld['trusted'];

beforeAll(async () => {
  ({ world, entries, proof, trusted } = await startAuditWorld());
});
afterAll(() => world?.close());

describe('the layout of heads', () => {
  type Layout = {
    readonly storage: readonly { label: string; slot: string; type: string }[];
    readonly types: never;
  };

  test('default: is what the compiler says', async () => {
    const { storage, types } = await storageLayout();
    expect(storage.find(({ label }) => label === '_heads')).toMatchObject({ slot: String(HEADS_SLOT) });
    const members = Object.values(types as Record<string, { label: string; members?: object[] }>).find(
      ({ label }) => label === 'struct AccessLog.Head',
    )?.members;
    expect(members).toMatchObject([
      { label: 'head', slot: '0', offset: 0, type: 't_bytes28' },
      { label: 'count', slot: '0', offset: 28, type: 't_uint32' },
    ]);
  });

  async function storageLayout(): Promise<Layout> {
    const solc = createRequire(import.meta.url)('solc') as { compile: (input: string) => string };
    const folder = join(ROOT, 'artifacts/build-info');
    for (const name of await readdir(folder)) {
      if (name.endsWith('.output.json')) continue;
      const { input } = JSON.parse(await readFile(join(folder, name), 'utf8'));
      const source = Object.keys(input.sources).find((path) => path.endsWith('/contracts/AccessLog.sol'));
      if (source === undefined) continue;
      input.settings.outputSelection = { [source]: { AccessLog: ['storageLayout'] } };
      return JSON.parse(solc.compile(JSON.stringify(input))).contracts[source].AccessLog.storageLayout;
    }
    throw new Error('The contracts are not built.');
  }
});

describe('verifyLogProof', () => {
  test('default: shows the heads that the contract has, and none for who has no log', async () => {
    const { heads, block } = verifyLogProof(proof, trusted);
    expect(block.hash).toBe(trusted.blockHash);
    for (const one of patients) {
      expect(heads.get(one.toLowerCase())).toEqual(await headOf(world.clientOf(), { patient: one }));
    }
    expect(heads.get(PEOPLE.manager.address.toLowerCase())?.count).toBe(0);
  });

  test('default: an independent implementation finds the same', async () => {
    const { stateRoot } = verifyLogProof(proof, trusted).block;
    const account = await mptValue(stateRoot, keccak256(proof.log), proof.accountProof);
    const [, , storageRoot] = fromRlp(account ?? '0x', 'hex') as Hex[];
    const { heads } = verifyLogProof(proof, trusted);
    for (const one of proof.patients) {
      const slot = await mptValue(storageRoot as Hex, keccak256(headSlot(one.patient)), one.storageProof);
      const { count = 0, head = '0x' } = heads.get(one.patient.toLowerCase()) ?? {};
      const word = slot === null ? 0n : BigInt(fromRlp(slot, 'hex') as Hex);
      expect(word).toBe((BigInt(count) << 224n) | BigInt(head));
    }
  });

  test('error: another block’s hash, another contract, another patient’s proof', async () => {
    const other = await world.clientOf().publicClient.getBlock({ blockNumber: 1n });
    expect(() => verifyLogProof(proof, { blockHash: other.hash })).toThrow('another block');
    expect(() => verifyLogProof({ ...proof, log: world.deployment.consents }, trusted)).toThrow('The proof');
    const [first, second] = proof.patients;
    const swapped = [{ patient, storageProof: second?.storageProof ?? [] }];
    expect(() => verifyLogProof({ ...proof, patients: swapped }, trusted)).toThrow('The proof');
    expect(first?.storageProof.length).toBeGreaterThan(1);
  });

  test('error: no changed bit, dropped or doubled node of a proof is taken', () => {
    const [one] = proof.patients;
    if (!one) throw new Error('no proof');
    const mutants: LogProof[] = [{ ...proof, header: flipped(proof.header, 77) }];
    for (const nodes of [proof.accountProof, one.storageProof]) {
      const put = (changed: readonly Hex[]) =>
        nodes === proof.accountProof
          ? { ...proof, accountProof: changed }
          : { ...proof, patients: [{ patient, storageProof: changed }] };
      for (const [i, node] of nodes.entries()) {
        for (let bit = 0; bit < (node.length - 2) * 4; bit += 13) {
          mutants.push(put(nodes.with(i, flipped(node, bit))));
        }
        mutants.push(put(nodes.toSpliced(i, 1)), put(nodes.toSpliced(i, 0, node)), put([...nodes, node]));
      }
    }
    expect(mutants.length).toBeGreaterThan(500);
    for (const mutant of mutants) expect(() => verifyLogProof(mutant, trusted)).toThrow(/The (proof|block)/);
  });

  async function mptValue(root: Hex, key: Hex, nodes: readonly Hex[]): Promise<Hex | null> {
    const value = await verifyMerkleProof(
      hexToBytes(key),
      nodes.map((node) => hexToBytes(node)),
      { root: hexToBytes(root) } as never,
    );
    return value === null ? null : `0x${Buffer.from(value).toString('hex')}`;
  }

  function flipped(bytes: Hex, bit: number): Hex {
    const changed = hexToBytes(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return `0x${Buffer.from(changed).toString('hex')}`;
  }
});

describe('checkLog', () => {
  test('default: the whole log, and nothing but the whole log', async () => {
    const hash = await createHeadHasher();
    const proven = await headOf(world.clientOf(), { patient });
    const check = (list: readonly LogEntry[]) => checkLog(hash, patient, list, proven);
    expect(await check(entries)).toMatchObject({ ok: true, entries: 10, recomputed: proven.head });
    const [first, second] = entries as [LogEntry, LogEntry];
    const cases: readonly (readonly [readonly LogEntry[], object])[] = [
      [entries.slice(1), { kind: 'missing', sequence: 1 }],
      [entries.slice(0, -1), { kind: 'missing', sequence: 10 }],
      [entries.toSpliced(4, 1), { kind: 'missing', sequence: 5 }],
      [[], { kind: 'missing', sequence: 1 }],
      [[second, first, ...entries.slice(2)], { kind: 'missing', sequence: 1 }],
      [[first, ...entries], { kind: 'order', sequence: 1 }],
      [[...entries, { ...first, sequence: 11 }], { kind: 'surplus', sequence: 11 }],
      [entries.with(3, { ...first, sequence: 4 }), { kind: 'edited', sequence: 10 }],
      [
        entries.with(3, { ...(entries[3] as LogEntry), patient: PEOPLE.manager.address }),
        { kind: 'foreign' },
      ],
      [entries.with(9, { ...(entries[9] as LogEntry), openedAt: 1 }), { kind: 'edited', sequence: 10 }],
    ];
    for (const [list, fault] of cases) expect(await check(list)).toMatchObject({ ok: false, fault });
  });
});

describe('a proof file', () => {
  const where = () => ({ ...trusted, log: world.deployment.log, chainId: world.deployment.chainId });

  async function written(): Promise<string[]> {
    const { heads } = verifyLogProof(proof, trusted);
    const { number } = verifyLogProof(proof, trusted).block;
    return all(
      proofFileLines(proof, heads, (whose) =>
        logEntries(world.clientOf(), { patient: whose, toBlock: number }),
      ),
    );
  }

  async function* from(lines: readonly string[]) {
    yield* lines;
  }

  test('default: is checked offline', async () => {
    const verdict = await verifyProofFile(from(await written()), where());
    expect(verdict).toMatchObject({ ok: true, patients: 3, entries: 11, broken: [] });
  });

  test('error: an edited, a cut and a stretched one prove nothing', async () => {
    const lines = await written();
    const verify = (changed: readonly string[]) => verifyProofFile(from(changed), where());
    const entryAt = lines.findIndex((text) => text.includes('"sequence":3,'));
    const edited = lines.with(entryAt, (lines[entryAt] ?? '').replace('"TREAT"', '"HRESCH"'));
    expect(await verify(edited)).toMatchObject({ ok: false, broken: [{ fault: { kind: 'edited' } }] });
    const [countAt] = [1];
    const fewer = lines
      .with(countAt, (lines[countAt] ?? '').replace('"count":10', '"count":9'))
      .toSpliced(11, 1);
    expect(await verify(fewer)).toMatchObject({
      ok: false,
      broken: [{ fault: { kind: 'missing', sequence: 10 } }],
    });
    for (const cut of [1, 5, lines.length - 1]) {
      await expect(verify(lines.slice(0, cut))).rejects.toMatchObject({ code: 'PROOF_MALFORMED' });
    }
    const refused = [
      [...lines, '{}\n'],
      lines.with(0, (lines[0] ?? '').replace('"version":1', '"version":2')),
      lines.with(entryAt, (lines[entryAt] ?? '').replace('{', '{"note":"x",')),
      lines.with(entryAt, 'x'),
      lines.toSpliced(entryAt, 1),
    ];
    for (const changed of refused) {
      await expect(verify(changed)).rejects.toMatchObject({ code: 'PROOF_MALFORMED' });
    }
    const elsewhere = { ...where(), log: world.deployment.consents };
    await expect(verifyProofFile(from(lines), elsewhere)).rejects.toMatchObject({ code: 'PROOF_BROKEN' });
  });
});
