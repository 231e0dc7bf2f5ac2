import { execFile } from 'node:child_process';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { caughtUp, runIndexer, type World } from '../../indexer/test/world.ts';
import type { RunningIndexer } from '../../scripts/lib/indexer.ts';
import { ROOT } from '../../scripts/lib/process.ts';
import { patient, startAuditWorld, tamper } from './support/audit-world.ts';

let world: World;

beforeAll(async () => {
  ({ world } = await startAuditWorld());
});
afterAll(() => world?.close());

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

  test.each(['csv', 'ndjson', 'fhir'])(
    'default: exports %s, with filters, from an index and from the chain the same',
    async (format) => {
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
      if (format !== 'ndjson') return;
      const bare = outputs.map((lines) => lines.map((line) => ({ ...JSON.parse(line), organisation: null })));
      expect(bare[0]).toEqual(bare[1]);
    },
  );

  test.each(['csv', 'ndjson', 'fhir'])(
    'behavior: an export of %s that was interrupted goes on where it stopped',
    async (format) => {
      const whole = file(`whole.${format}`);
      const args = [...withIndex(), '--format', format];
      expect(await chartkey('export', ...args, '--out', whole)).toMatchObject({ code: 0 });
      const text = await readFile(whole, 'utf8');
      const lines = text.split(/(?<=\n)/);
      // In the middle of a line, and with the head alone, or nothing.
      for (const left of [lines.slice(0, 4).join('') + lines[4]?.slice(0, 9), lines[0] ?? '', '']) {
        const out = file(`resumed.${format}`);
        await writeFile(`${out}.part`, left);
        expect(await chartkey('export', ...args, '--out', out, '--resume')).toMatchObject({ code: 0 });
        expect(await readFile(out, 'utf8')).toBe(text);
        expect(await readdir(world.folder)).not.toContain(`resumed.${format}.part`);
        await rm(out);
      }
    },
  );

  test('error: what is there is of no export, of another one, or of a format that is made anew', async () => {
    const out = file('other.csv');
    const resume = (format: string, ...more: string[]) =>
      chartkey('export', ...withIndex(), '--format', format, '--out', out, '--resume', ...more);
    expect(await resume('csv')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--resume: there is/),
    });
    const whole = file('of-all.csv');
    await chartkey('export', ...withIndex(), '--format', 'csv', '--out', whole);
    await copyFile(whole, `${out}.part`);
    expect(await resume('ndjson')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/another format/),
    });
    expect(await resume('csv', '--emergency')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/another export/),
    });
    expect(await resume('html')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--resume: goes on/),
    });
  });

  test('default: a report begins with the verdict, and has the rows that were asked for', async () => {
    const report = file('report.html');
    const args = ['--format', 'html', '--emergency', '--out', report];
    expect(await chartkey('export', ...withIndex(), ...args)).toMatchObject({ code: 0 });
    const html = await readFile(report, 'utf8');
    expect(html).toContain('Complete, in order and unedited');
    expect(html.match(/ETREAT \(emergency\)/g)).toHaveLength(1);
    expect(await chartkey('export', ...withIndex(), ...args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is there already'),
    });
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

  test.each([
    [['--format', 'pdf'], '--format'],
    [['--format', 'csv', '--purpose', 'NOSE'], '--purpose'],
    [['--format', 'csv', '--since', 'yesterday'], '--since'],
    [['--format', 'csv', '--organisation', patient], '--organisation'],
    [['--format', 'proof', '--emergency'], '--format'],
  ] as const)('error: what can’t be asked for is named: %s', async (args, option) => {
    const bad = ['--out', file(`bad${args.join('')}`)];
    const { code, stderr } = await chartkey('export', ...online, ...args, ...bad);
    expect(stderr).toMatch(new RegExp(`^${option}:`));
    expect(code).toBe(2);
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
