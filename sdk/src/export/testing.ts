import type { Metadata, RecordId } from '../envelope/index.ts';
import { anyAddress, collect, pattern } from '../envelope/testing.ts';
import { ChartkeyError } from '../errors.ts';
import { type ChartRecord, type ChartSource, type ExportChartOptions, exportChart } from './export-chart.ts';
import type { ReadableRecord } from './record-pieces.ts';

/* A chart without a chain or storage, for the tests beside this file; not exported. */

export type MadeUpRecord = Partial<Metadata> & {
  readonly content?: Uint8Array;
  readonly compartment?: number;
  readonly superseded?: boolean;
  readonly byProvider?: boolean;
  /** Fails when it is opened. */
  readonly refuses?: ChartkeyError;
  /** Storage goes away for good at this byte. */
  readonly breaksAt?: number;
};

export const PATIENT = anyAddress(0xaa);
export const PROVIDER = anyAddress(0xbb);
export const EXPORTED_AT = new Date('2026-11-21T10:00:00Z');

export const gone = new ChartkeyError('STORAGE_NOT_FOUND', 'Storage does not have it.');

export function idOf(number: number): RecordId {
  return `0x${number.toString(16).padStart(64, '0')}` as RecordId;
}

export function makeChart(records: readonly MadeUpRecord[]): ChartSource {
  const listed = records.map(
    ({ compartment = 0, superseded = false, byProvider = false }, at): ChartRecord => ({
      ...{ recordId: idOf(at + 1), compartment, superseded },
      author: byProvider ? PROVIDER : PATIENT,
    }),
  );
  return {
    ...{ chainId: 31337, recordIndex: anyAddress(0xcc), patient: PATIENT, records: listed },
    folderName: (compartment) => `Folder ${compartment + 1}`,
    open: async (recordId) => {
      const record = records[Number(BigInt(recordId)) - 1];
      if (!record) throw gone;
      if (record.refuses) throw record.refuses;
      return readable(record);
    },
  };
}

export function readable(record: MadeUpRecord): ReadableRecord {
  const {
    content = pattern(100),
    breaksAt = Number.POSITIVE_INFINITY,
    title = 'letter.pdf',
    mediaType = 'application/pdf',
    fhirType = '',
    created = '2026-01-31T12:00:00Z',
  } = record;
  const metadata = { length: content.length, title, mediaType, fhirType, created };
  return {
    metadata,
    content: async function* () {
      if (breaksAt < content.length) throw gone;
      yield content.subarray(0, 10);
      yield content.subarray(10);
    },
    range: async (offset, length) => {
      if (offset + length > breaksAt) throw gone;
      return content.subarray(offset, offset + length);
    },
  };
}

export async function archiveOf(
  records: readonly MadeUpRecord[],
  options: ExportChartOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const chart = exportChart(makeChart(records), { exportedAt: EXPORTED_AT, retryDelaysMs: [], ...options });
  return Uint8Array.from(await collect(chart));
}

export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
