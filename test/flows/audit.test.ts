import { execFile } from 'node:child_process';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import {
  accessLogOf,
  auditIndex,
  checkLog,
  createHeadHasher,
  fetchLogProof,
  HEADS_SLOT,
  headOf,
  headSlot,
  type LogEntry,
  type LogProof,
  logEntries,
  proofFileLines,
  provenEntries,
  verifyLogProof,
  verifyProofFile,
} from '@chartkey/sdk';
import { verifyMerkleProof } from '@ethereumjs/mpt';
import { fromRlp, type Hex, hexToBytes, keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  all,
  caughtUp,
  enrolEverybody,
  open,
  PEOPLE,
  RECORDS,
  runIndexer,
  SECOND_RECORDS,
  startWorld,
  type World,
} from '../../indexer/test/world.ts';
import type { RunningIndexer } from '../../scripts/lib/indexer.ts';
import { ROOT } from '../../scripts/lib/process.ts';

const patient = PEOPLE.patient.address;
const patients = [patient, PEOPLE.secondPatient.address, PEOPLE.manager.address];

let world: World;
let entries: readonly LogEntry[];
let proof: LogProof;
let trusted: { readonly blockHash: Hex };

beforeAll(async () => {
  world = await startWorld();
  await enrolEverybody(world);
  for (let i = 0; i < 3; i++) await open(world, PEOPLE.clinician, RECORDS);
  await open(world, PEOPLE.clinician, SECOND_RECORDS, 'ETREAT');
  await open(world, PEOPLE.insurer, RECORDS.slice(0, 1), 'HPAYMT');
  const client = world.clientOf();
  entries = (await accessLogOf(client, { patient })).entries;
  const block = await client.publicClient.getBlock();
  trusted = { blockHash: block.hash };
  proof = await fetchLogProof(client, { patients, blockNumber: block.number });
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

describe('auditIndex', () => {
  const lies: readonly (readonly [name: string, sql: string, findings: object[]])[] = [
    [
      'hides one in the middle',
      `delete from entries where patient = $p and sequence = 4`,
      [{ kind: 'hidden', sequence: 4 }],
    ],
    [
      'hides the newest',
      `delete from entries where patient = $p and sequence = 10`,
      [{ kind: 'hidden', sequence: 10 }],
    ],
    [
      'hides one and renumbers the others',
      `delete from entries where patient = $p and sequence = 4;
       update entries set sequence = sequence - 1 where patient = $p and sequence > 4`,
      [{ kind: 'hidden', sequence: 4 }],
    ],
    [
      'invents one at the end',
      `insert into entries select position + 1, patient, accessor, organisation, record_id, 11, purpose, decision, refused,
       emergency, opened_at, '0x${'ab'.repeat(32)}', '0x${'cd'.repeat(32)}', head from entries where patient = $p and sequence = 10`,
      [{ kind: 'invented', sequence: 11 }],
    ],
    [
      'edits who it was',
      `update entries set accessor = '0x${'12'.repeat(20)}' where patient = $p and sequence = 2`,
      [{ kind: 'edited', sequence: 2, fields: ['accessor'] }],
    ],
    [
      'edits why',
      `update entries set purpose = 0 where patient = $p and sequence = 10`,
      [{ kind: 'edited', sequence: 10, fields: ['purpose'] }],
    ],
    [
      'turns a refusal into a permit',
      `update entries set decision = 1 where patient = $p and decision <> 1 and sequence = 3`,
      [{ kind: 'edited', sequence: 3, fields: ['decision'] }],
    ],
    [
      'edits when',
      `update entries set opened_at = opened_at - 86400 where patient = $p and sequence = 5`,
      [{ kind: 'edited', sequence: 5, fields: ['openedAt'] }],
    ],
    [
      'points to another transaction, which no head shows',
      `update entries set transaction_hash = '0x${'cd'.repeat(32)}' where patient = $p and sequence = 5`,
      [{ kind: 'edited', sequence: 5, fields: ['transactionHash'] }],
    ],
    [
      'reorders two',
      `update entries set sequence = 1000 where patient = $p and sequence = 6;
       update entries set sequence = 6 where patient = $p and sequence = 7;
       update entries set sequence = 7 where patient = $p and sequence = 1000`,
      [{ kind: 'reordered' }],
    ],
    [
      'gives one to another patient',
      `update entries set patient = '${PEOPLE.secondPatient.address.toLowerCase()}' where patient = $p and sequence = 8`,
      [{ kind: 'hidden', sequence: 8 }],
    ],
    [
      'delays the newest, and says that it is behind',
      `delete from entries where patient = $p and sequence = 10;
       insert or replace into blocks select max(number) - 1, hash from blocks;
       delete from blocks where number = (select max(number) from blocks)`,
      [{ kind: 'delayed', sequence: 10 }],
    ],
  ];

  const honestDatabase = () => join(world.folder, 'honest.sqlite');

  beforeAll(async () => {
    const honest = await runIndexer(world, { database: honestDatabase() });
    await caughtUp(world, honest);
    await honest.service.close();
  });

  test.each(lies)('behavior: an index that %s is found out', async (name, sql, findings) => {
    const database = join(world.folder, `${name}.sqlite`);
    await copyFile(honestDatabase(), database);
    tamper(database, sql);
    const liar = await runIndexer(world, { database, role: 'reader' });
    onTestFinished(() => liar.service.close());
    const audit = await auditIndex(world.clientOf(), {
      ...{ index: liar, patient, ...trusted },
      blockNumber: verifyLogProof(proof, trusted).block.number,
    });
    expect(audit).toMatchObject({ ok: false, node: { ok: true } });
    expect(audit.findings).toMatchObject(findings);
  });

  test('default: an honest one has nothing against it', async () => {
    const index = await runIndexer(world, { database: honestDatabase() });
    onTestFinished(() => index.service.close());
    await caughtUp(world, index);
    const { number } = verifyLogProof(proof, trusted).block;
    for (const whose of patients) {
      const audit = await auditIndex(world.clientOf(), {
        index,
        patient: whose,
        ...trusted,
        blockNumber: number,
      });
      expect(audit).toMatchObject({ ok: true, findings: [] });
    }
  });
});

describe('provenEntries', () => {
  const read = (url: string | undefined, blockHash: Hex = trusted.blockHash) => {
    const { number } = verifyLogProof(proof, trusted).block;
    return provenEntries(world.clientOf(), {
      patient,
      index: url === undefined ? undefined : { url, timeoutMs: 5_000 },
      block: { hash: blockHash, number },
    });
  };
  const numbered = (list: readonly LogEntry[]) => list.map(({ sequence, keyHash }) => [sequence, keyHash]);

  test('default: from the index where that adds up, else from the chain, with what the index got wrong', async () => {
    const database = join(world.folder, 'proven.sqlite');
    const honest = await runIndexer(world, { database });
    await caughtUp(world, honest);
    const fromIndex = await read(honest.url);
    await honest.service.close();
    expect(fromIndex).toMatchObject({ source: 'index', verdict: { ok: true }, findings: [] });

    tamper(database, 'delete from entries where patient = $p and sequence = 4');
    const liar = await runIndexer(world, { database, role: 'reader' });
    onTestFinished(() => liar.service.close());
    const fromLiar = await read(liar.url);
    expect(fromLiar).toMatchObject({ source: 'chain', verdict: { ok: true } });
    expect(fromLiar.findings).toMatchObject([{ kind: 'hidden', sequence: 4 }]);

    for (const url of [undefined, 'http://127.0.0.1:9']) {
      const fromChain = await read(url);
      expect(fromChain).toMatchObject({ source: 'chain', verdict: { ok: true }, findings: [] });
      expect(numbered(fromChain.entries)).toEqual(numbered(fromIndex.entries));
    }
    expect(numbered(fromLiar.entries)).toEqual(numbered(entries));
  });

  test('error: in a block of another hash nothing is proven', async () => {
    await expect(read(undefined, `0x${'12'.repeat(32)}`)).rejects.toMatchObject({ code: 'PROOF_BROKEN' });
  });
});

function tamper(database: string, sql: string): void {
  const db = new DatabaseSync(database);
  try {
    db.exec(sql.replaceAll('$p', `'${patient.toLowerCase()}'`));
  } finally {
    db.close();
  }
}

describe('chartkey audit', () => {
  let index: RunningIndexer;
  let online: readonly string[];

  beforeAll(async () => {
    index = await runIndexer(world, { database: join(world.folder, 'cli.sqlite') });
    await caughtUp(world, index);
    online = ['--addresses', world.addressesFile, '--rpc-url', world.rpcUrl];
  });
  afterAll(() => index?.service.close());

  async function chartkey(...args: readonly string[]) {
    try {
      const main = join(ROOT, 'cli/src/main.ts');
      return { code: 0, ...(await promisify(execFile)(process.execPath, [main, 'audit', ...args])) };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, stdout, stderr };
    }
  }

  const file = (name: string) => join(world.folder, name);
  const withIndex = () => [...online, '--index-url', index.url];

  test('default: verify says that everything is proven, from the chain alone and from an index', async () => {
    for (const source of [online, withIndex(), [...withIndex(), '--patient', patient]]) {
      const { code, stdout } = await chartkey('verify', ...source, '--json');
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, broken: [] });
      expect(code).toBe(0);
    }
  });

  test('behavior: an exported proof verifies offline, and an edited one does not', async () => {
    const proofFile = file('proof.ndjson');
    expect(await chartkey('export', ...withIndex(), '--format', 'proof', '--out', proofFile)).toMatchObject({
      code: 0,
    });
    const { hash } = await world.clientOf().publicClient.getBlock();
    const offline = [
      '--addresses',
      world.addressesFile,
      '--rpc-url',
      'http://127.0.0.1:9',
      '--block-hash',
      hash,
    ];
    const proven = await chartkey('verify', ...offline, '--file', proofFile);
    expect(proven).toMatchObject({ code: 0, stdout: expect.stringMatching(/^PROVEN: 3 logs, 11 entries/) });
    const edited = file('edited.ndjson');
    await writeFile(edited, (await readFile(proofFile, 'utf8')).replace('"ETREAT"', '"TREAT"'));
    const refused = await chartkey('verify', ...offline, '--file', edited);
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('NOT PROVEN') });
    const without = await chartkey('verify', '--addresses', world.addressesFile, '--file', proofFile);
    expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('--block-hash must be given') });
  });

  test('behavior: a lying index is named entry by entry, with exit code 1', async () => {
    const database = file('cli-liar.sqlite');
    await index.service.close();
    await copyFile(file('cli.sqlite'), database);
    await index.restart();
    tamper(database, 'delete from entries where patient = $p and sequence = 4');
    const liar = await runIndexer(world, { database, role: 'reader' });
    onTestFinished(() => liar.service.close());
    const { code, stdout } = await chartkey('verify', ...online, '--index-url', liar.url);
    expect(code).toBe(1);
    expect(stdout).toContain('hidden: entry 4, transaction 0x');
    const report = file('liar.html');
    const url = ['--index-url', liar.url];
    await chartkey('export', ...online, ...url, '--format', 'html', '--out', report);
    expect(await readFile(report, 'utf8')).toContain('<h2>Not proven</h2>');
  });

  test('default: exports, with filters, from an index and from the chain the same', async () => {
    for (const format of ['csv', 'ndjson', 'fhir']) {
      const outputs = [];
      for (const [name, source] of [
        ['index', withIndex()],
        ['chain', online],
      ] as const) {
        const output = file(`refused-${name}.${format}`);
        const args = ['--format', format, '--outcome', 'denied', '--patient', patient, '--out', output];
        expect(await chartkey('export', ...source, ...args)).toMatchObject({ code: 0 });
        outputs.push((await readFile(output, 'utf8')).trimEnd().split('\n'));
      }
      expect(outputs[0]).toHaveLength(format === 'csv' ? 5 : 4);
      // The chain's own events don't say whose member an accessor was.
      if (format === 'ndjson') {
        const bare = outputs.map((lines) =>
          lines.map((line) => ({ ...JSON.parse(line), organisation: null })),
        );
        expect(bare[0]).toEqual(bare[1]);
      }
    }
    const again = ['--format', 'csv', '--out', file('refused-index.csv')];
    expect(await chartkey('export', ...withIndex(), ...again)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is there already'),
    });
    const report = file('report.html');
    await chartkey('export', ...withIndex(), '--format', 'html', '--emergency', '--out', report);
    const html = await readFile(report, 'utf8');
    expect(html).toContain('Complete, in order and unedited');
    expect(html.match(/ETREAT \(emergency\)/g)).toHaveLength(1);
  });

  test('behavior: an index that is honest but where a filter asks hides nothing from a report', async () => {
    const honest = index.url;
    const server = createServer(async (request, response) => {
      const body = request.method === 'POST' ? await text(request) : undefined;
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(honest + request.url, {
        headers,
        ...(body && { method: 'POST', body }),
      });
      const page = await answer.json();
      if (body?.includes('emergency')) page.items = [];
      response.writeHead(answer.status, headers).end(JSON.stringify(page));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const liar = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const args = [...online, '--index-url', liar, '--emergency'];
    await chartkey('export', ...args, '--format', 'ndjson', '--out', file('hiding.ndjson'));
    expect(await readFile(file('hiding.ndjson'), 'utf8')).toBe('');
    await chartkey('export', ...args, '--format', 'html', '--out', file('hiding.html'));
    const html = await readFile(file('hiding.html'), 'utf8');
    expect(html).toContain('Complete, in order and unedited');
    expect(html.match(/ETREAT \(emergency\)/g)).toHaveLength(1);
    expect(await readdir(world.folder)).not.toContain('hiding.html.rows');
  });

  test('error: what can’t be asked for is named', async () => {
    const bad = [
      [['--format', 'pdf'], '--format'],
      [['--format', 'csv', '--purpose', 'NOSE'], '--purpose'],
      [['--format', 'csv', '--since', 'yesterday'], '--since'],
      [['--format', 'csv', '--organisation', patient], '--organisation'],
      [['--format', 'proof', '--emergency'], '--format'],
    ] as const;
    for (const [args, option] of bad) {
      const { code, stderr } = await chartkey(
        'export',
        ...online,
        ...args,
        '--out',
        file(`bad${args.join('')}`),
      );
      expect(stderr).toMatch(new RegExp(`^${option}:`));
      expect(code).toBe(2);
    }
  });

  test('default: watch tells of emergencies, and its webhook names nobody', async () => {
    const posted: string[] = [];
    const server = createServer(async (request, response) => {
      posted.push(await text(request));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const rules = file('rules.json');
    await writeFile(rules, JSON.stringify({ 'outside-hours': false, 'many-refusals': { count: 3 } }));
    const args = ['--index-url', index.url, '--once', '--since', '1d', '--rules', rules, '--webhook', hook];
    const { code, stdout } = await chartkey('watch', ...args, '--json');
    const { alerts } = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(alerts.map(({ rule }: { rule: string }) => rule).toSorted()).toEqual([
      'emergency-unreviewed',
      'many-refusals',
    ]);
    expect(posted).toHaveLength(2);
    for (const body of posted) expect(body).not.toMatch(/0x[0-9a-f]/i);
    expect(stdout.toLowerCase()).not.toContain(patient.slice(2).toLowerCase());
    await writeFile(rules, JSON.stringify({ everything: true }));
    expect((await chartkey('watch', ...args)).stderr).toMatch(/^--rules: has no rule/);
  });
});
