import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { packTar, type TarEntry, type TarHeader, unpackTar } from 'modern-tar';
import { describe, expect, test } from 'vitest';
import { collect, flipped, pattern, streamOf } from '../envelope/testing.ts';
import { ArchiveError, ChartkeyError } from '../errors.ts';
import { describeFile } from '../record/index.ts';
import { exportAge } from './age.ts';
import { exportChart } from './export-chart.ts';
import { importOpensWith, inspectImport, readImport } from './import-chart.ts';
import { alreadyThere } from './import-records.ts';
import { archiveOf, gone, idOf, type MadeUpRecord, makeChart, readable } from './testing.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data');
const SECRET = 'Hepatitis C';

const fileOf = (bytes: Uint8Array<ArrayBuffer>, name = 'chart.tar') => ({ file: new Blob([bytes]), name });

async function back(chosen: Parameters<typeof inspectImport>[0]) {
  const preview = await inspectImport(chosen);
  const contents: Uint8Array[] = [];
  for await (const { content } of readImport(chosen, preview.records)) contents.push(await collect(content));
  return { preview, contents };
}

type Changes = (entries: TarEntry[], header: (name: string) => TarHeader) => readonly TarEntry[];

/** An export that somebody took apart and put together again. */
async function altered(change: Changes, records: readonly MadeUpRecord[] = [{}, { title: 'b' }]) {
  const entries = (await unpackTar(await archiveOf(records))).map(
    ({ header, data = new Uint8Array() }): TarEntry => ({ header: { ...header, pax: {} }, body: data }),
  );
  const named = (name: string) => entries.find(({ header }) => header.name === name)?.header as TarHeader;
  return fileOf((await packTar([...change(entries, named)])) as Uint8Array<ArrayBuffer>);
}

const extra = (name: string, type: TarHeader['type'] = 'file'): TarEntry => ({
  header: { name, size: type === 'file' ? 1 : 0, type, ...(type !== 'file' && { linkname: '/etc/passwd' }) },
  ...(type === 'file' && { body: new Uint8Array(1) }),
});

function withManifest(change: (manifest: Record<string, unknown>) => unknown) {
  return altered((entries) =>
    entries.map((entry) => {
      if (entry.header.name !== 'chart/manifest.json') return entry;
      const text = new TextDecoder().decode(entry.body as Uint8Array);
      const changed = change(JSON.parse(text));
      const body = new TextEncoder().encode(typeof changed === 'string' ? changed : JSON.stringify(changed));
      return { header: { ...entry.header, size: body.length }, body };
    }),
  );
}

const first = (manifest: Record<string, unknown>) => (manifest['records'] as Record<string, unknown>[])[0];

describe('inspectImport', () => {
  test('default: everything that was exported, with what is needed to seal it again', async () => {
    const content = pattern(9_000_000);
    const records = [{ content, title: 'CT', compartment: 4 }, { title: '../é.html' }, { refuses: gone }];
    const { preview, contents } = await back(fileOf(await archiveOf(records)));
    expect(preview).toMatchObject({ kind: 'chart', damaged: [], unlisted: 0, missing: [{}] });
    expect(preview.records.map(({ metadata: { title } }) => title)).toEqual(['CT', '../é.html']);
    expect(preview.records[0]).toMatchObject({ compartment: 4, recordId: idOf(1) });
    expect(contents.map((bytes) => bytes.length)).toEqual([9_000_000, 100]);
    expect(Buffer.compare(contents[0] ?? new Uint8Array(), content)).toBe(0);
  });

  test('default: the same out of an .age file, for a key and for a passphrase', async () => {
    const identity = await generateX25519Identity();
    const recipients = [await identityToRecipient(identity)];
    const passphrase = 'correct horse battery';
    for (const [to, opening, kind] of [
      [{ recipients }, { identity }, 'identity'],
      [{ passphrase }, { passphrase }, 'passphrase'],
    ] as const) {
      const sealed = Uint8Array.from(await collect(exportAge(exportChart(makeChart([{}, {}])), to)));
      expect(await importOpensWith(new Blob([sealed]))).toBe(kind);
      const { preview, contents } = await back({ ...fileOf(sealed), opening });
      expect([preview.records.length, contents.length]).toEqual([2, 2]);
    }
  });

  test('default: one file that somebody encrypted', async () => {
    const passphrase = 'correct horse battery';
    const content = new TextEncoder().encode('{"resourceType":"Patient"}');
    const sealed = Uint8Array.from(await collect(exportAge(streamOf(content), { passphrase })));
    const { preview, contents } = await back({ ...fileOf(sealed, 'me.json.age'), opening: { passphrase } });
    expect(preview.kind).toBe('file');
    expect(preview.records[0]?.metadata).toMatchObject({
      ...{ title: 'me.json', mediaType: 'application/fhir+json', fhirType: 'Patient', length: 26 },
    });
    expect(Buffer.compare(contents[0] ?? new Uint8Array(), content)).toBe(0);
  });

  test('behavior: an archive that another program packed, with folders and a file of its own', async () => {
    const chosen = await altered((entries) => [
      { header: { name: './', type: 'directory', size: 0 } },
      { header: { name: './chart/records/', type: 'directory', size: 0 } },
      ...entries
        .map(({ header, ...rest }) => ({ ...rest, header: { ...header, name: `./${header.name}` } }))
        .reverse(),
      extra('./chart/._index.html'),
    ]);
    const { preview, contents } = await back(chosen);
    expect([preview.records.length, preview.unlisted, contents.length]).toEqual([2, 1, 2]);
  });

  test('behavior: one altered or absent file can not be imported, the others can', async () => {
    const chosen = await altered((entries) =>
      entries.flatMap((entry) => {
        if (entry.header.name.includes('0002')) return [];
        if (!entry.header.name.includes('0001')) return [entry];
        return [{ ...entry, body: flipped(entry.body as Uint8Array, 50) }];
      }),
    );
    const { preview } = await back(chosen);
    expect(preview.records).toEqual([]);
    expect(preview.damaged).toEqual([
      { path: 'records/0001 letter.pdf', why: 'altered' },
      { path: 'records/0002 b.pdf', why: 'absent' },
    ]);
  });

  test('error: paths that lead elsewhere, links, devices, names twice', async () => {
    const names = [
      ...['../x', 'chart/../../x', '/etc/x', 'C:/x', 'a\\..\\x', 'chart//x', 'chart/./x', 'chart/x.', 'a/ '],
      ...['chart/con', 'chart/NUL.txt', 'chart/a\nb', 'chart/INDEX.HTML', `chart/${'a'.repeat(600)}`],
    ];
    const hostile: (readonly [TarEntry, string | undefined])[] = names.map((name) => [extra(name), name]);
    for (const type of ['link', 'symlink', 'character-device', 'fifo'] as const) {
      hostile.push([extra('chart/link', type), 'chart/link']);
    }
    for (const [entry] of hostile) {
      const chosen = await altered((entries) => [...entries, entry]);
      const error = await inspectImport(chosen).catch((caught: unknown) => caught);
      expect(error, entry.header.name).toBeInstanceOf(ArchiveError);
      expect(error).toMatchObject({ code: 'ARCHIVE_UNSAFE_PATH' });
    }
  });

  test('error: no manifest, two, another format, a newer version, one that lies', async () => {
    const isManifest = ({ header }: TarEntry) => header.name.endsWith('manifest.json');
    const cases: [Promise<{ file: Blob; name: string }>, string][] = [
      [altered((entries) => entries.filter((entry) => !isManifest(entry))), 'ARCHIVE_MALFORMED'],
      [
        altered((entries) => [
          ...entries,
          ...entries
            .filter(isManifest)
            .map((e) => ({ ...e, header: { ...e.header, name: 'manifest.json' } })),
        ]),
        'ARCHIVE_MALFORMED',
      ],
      [withManifest(() => '{'), 'ARCHIVE_MALFORMED'],
      [withManifest(() => '[]'), 'ARCHIVE_MALFORMED'],
      [withManifest((m) => ({ ...m, format: 'other' })), 'ARCHIVE_MALFORMED'],
      [withManifest((m) => ({ ...m, version: 2 })), 'ARCHIVE_VERSION_UNKNOWN'],
      [withManifest((m) => ({ ...m, more: 1 })), 'ARCHIVE_MALFORMED'],
      [withManifest((m) => ({ ...m, records: [first(m), first(m)] })), 'ARCHIVE_MALFORMED'],
      [withManifest((m) => ({ ...m, records: [{ ...first(m), compartment: 64 }] })), 'ARCHIVE_MALFORMED'],
      [withManifest((m) => ({ ...m, records: [{ ...first(m), created: SECRET }] })), 'ARCHIVE_MALFORMED'],
      [withManifest((m) => ({ ...m, records: [{ ...first(m), length: 2 ** 41 }] })), 'ARCHIVE_MALFORMED'],
    ];
    for (const [chosen, code] of cases) {
      const error = await inspectImport(await chosen).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code });
      expect((error as Error).message).not.toContain(SECRET);
    }
  });

  test('error: bombs: a size that nobody has, a header without end, too many files', async () => {
    const claims = async (size: number) => {
      const bytes = await archiveOf([{}]);
      const header = bytes.subarray(0, 512);
      header.set([0x80, 0, 0, 0], 124);
      new DataView(header.buffer).setBigUint64(128, BigInt(size));
      header.fill(32, 148, 156);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
      return fileOf(bytes);
    };
    const many = Array.from({ length: 21_000 }, (_, at) => extra(`chart/${at}`));
    const cases: [{ file: Blob; name: string }, string][] = [
      [await claims(2 ** 45), 'INPUT_TOO_LARGE'],
      [await claims(2 ** 52), 'INPUT_TOO_LARGE'],
      [await claims(2 ** 40), 'ARCHIVE_TRUNCATED'],
      [fileOf((await packTar(many)) as Uint8Array<ArrayBuffer>), 'INPUT_TOO_LARGE'],
      [
        await altered((entries) => [
          { header: { name: 'a', size: 9_000_000, type: 'pax-header' }, body: pattern(9_000_000) },
          ...entries,
        ]),
        'ARCHIVE_MALFORMED',
      ],
    ];
    for (const [chosen, code] of cases) await expect(inspectImport(chosen)).rejects.toMatchObject({ code });
  });

  test('error: cut anywhere, one bit turned anywhere, not an archive at all', async () => {
    const title = `${SECRET}.pdf`;
    const bytes = await archiveOf([{ title, content: pattern(3_000) }, {}]);
    const cut = fc.integer({ min: 0, max: bytes.length - 1 });
    await fc.assert(
      fc.asyncProperty(cut, async (at) => {
        const error = await inspectImport(fileOf(bytes.slice(0, at))).catch((caught: unknown) => caught);
        // Cut within the zeros at the end, nothing is missing.
        if (!(error instanceof ChartkeyError)) expect(at).toBeGreaterThanOrEqual(bytes.length - 1024);
        else expect(error.message).not.toContain(SECRET);
      }),
    );
    await fc.assert(
      fc.asyncProperty(cut, fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const turned = await inspectImport(fileOf(flipped(bytes, at, 1 << bit))).catch((caught) => caught);
        if (turned instanceof Error) expect(turned).toBeInstanceOf(ChartkeyError);
      }),
    );
    for (const noise of [new Uint8Array(), pattern(5_000), new Uint8Array(2_000)]) {
      await expect(inspectImport(fileOf(Uint8Array.from(noise)))).rejects.toBeInstanceOf(ArchiveError);
      await expect(importOpensWith(new Blob([Uint8Array.from(noise)]))).rejects.toBeInstanceOf(ArchiveError);
    }
  });

  test('error: a wrong passphrase, an .age file that was cut, and cancelling', async () => {
    const passphrase = 'correct horse battery';
    const sealed = Uint8Array.from(await collect(exportAge(exportChart(makeChart([{}])), { passphrase })));
    const wrong = { ...fileOf(sealed), opening: { passphrase: 'another one entirely' } };
    await expect(inspectImport(wrong)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    const cut = { ...fileOf(sealed.slice(0, -1)), opening: { passphrase } };
    await expect(inspectImport(cut)).rejects.toMatchObject({ code: 'BODY_SEGMENT_BROKEN' });
    const abort = AbortSignal.abort();
    const chosen = fileOf(await archiveOf([{}]));
    await expect(inspectImport(chosen, { signal: abort })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('readImport', () => {
  test('behavior: only what is wanted, and skipping does not stall', async () => {
    const chosen = fileOf(await archiveOf([{ content: pattern(5_000_000) }, {}, { title: 'c' }]));
    const { records } = await inspectImport(chosen);
    const titles: string[] = [];
    for await (const { record, content } of readImport(chosen, records.slice(1))) {
      titles.push(record.metadata.title);
      await collect(content);
    }
    expect(titles).toEqual(['letter.pdf', 'c']);
  });

  test('error: another file than the one that was checked', async () => {
    const { records } = await inspectImport(fileOf(await archiveOf([{}])));
    const other = fileOf(await archiveOf([{ content: pattern(101) }]));
    const read = async () => {
      for await (const { content } of readImport(other, records)) await collect(content);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ARCHIVE_ALTERED', path: records[0]?.path });
  });
});

describe('alreadyThere', () => {
  test('default: the same record, and one with the same content under another id', async () => {
    const made = [{}, { content: pattern(200) }, { content: pattern(300) }, { content: pattern(301) }];
    const { records } = await inspectImport(fileOf(await archiveOf(made)));
    let opened = 0;
    const present = (number: number, content: Uint8Array) => ({
      ...{ recordId: idOf(number), length: content.length },
      open: async () => {
        opened++;
        return readable({ content });
      },
    });
    const there = await alreadyThere(records, [
      present(1, pattern(100)),
      present(90, pattern(200)),
      present(91, flipped(pattern(300), 4)),
      present(92, pattern(400)),
      { ...present(93, pattern(301)), open: () => Promise.reject(gone) },
    ]);
    expect([...there]).toEqual(records.slice(0, 2).map(({ path }) => path));
    expect(opened).toBe(2);
  });
});

describe('a round trip', () => {
  test('behavior: any titles and contents come back as they were', async () => {
    const record = fc.record({
      content: fc.uint8Array({ maxLength: 3_000 }),
      title: fc
        .oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.constantFrom('a', 'A', '../a', 'CON', '.'))
        .filter((title) => new TextEncoder().encode(title).length <= 255 && title.isWellFormed()),
      mediaType: fc.constantFrom('application/pdf', 'application/fhir+json', 'text/html', 'x/y'),
      compartment: fc.integer({ min: 0, max: 63 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 6 }), async (records) => {
        const { preview, contents } = await back(fileOf(await archiveOf(records)));
        expect(preview.damaged).toEqual([]);
        expect(preview.records.map(({ metadata, compartment }) => [metadata.title, compartment])).toEqual(
          records.map(({ title, compartment }) => [title, compartment]),
        );
        for (const [at, content] of contents.entries()) {
          expect(Buffer.compare(content, records[at]?.content ?? new Uint8Array())).toBe(0);
        }
      }),
      { numRuns: 50 },
    );
  });

  test.skipIf(!existsSync(DATA))(
    'behavior: real charts and scans (skipped without ../shared/data)',
    async () => {
      const paths = ['fhir', 'dicom'].flatMap((folder) =>
        readdirSync(join(DATA, folder)).map((name) => join(DATA, folder, name)),
      );
      const records = await Promise.all(
        paths.map(async (path) => {
          const content = Uint8Array.from(readFileSync(path));
          return {
            ...(await describeFile(new Blob([content]), path.slice(path.lastIndexOf('/') + 1))),
            content,
          };
        }),
      );
      const { preview, contents } = await back(fileOf(await archiveOf(records)));
      expect(preview.damaged).toEqual([]);
      expect(contents).toHaveLength(paths.length);
      for (const [at, content] of contents.entries()) {
        expect(Buffer.compare(content, records[at]?.content ?? new Uint8Array())).toBe(0);
      }
    },
  );
});
