import { join, number } from './primitives.ts';

/* Section 5 of docs/format.md. */

export type Metadata = {
  readonly length: number;
  readonly mediaType: string;
  readonly title: string;
  readonly fhirType: string;
  readonly created: string;
};

export function encode({ length, mediaType, title, fhirType, created }: Metadata): Buffer {
  const out = Buffer.alloc(512);
  const strings = [mediaType, title, fhirType, created].map((string) => Buffer.from(string, 'utf8'));
  join(number(1, 1), number(length, 8), ...strings.flatMap((s) => [number(s.length, 1), s])).copy(out);
  return out;
}

export function decode(bytes: Buffer): Metadata {
  let at = 9;
  const string = (most: number): string => {
    const length = bytes.readUInt8(at);
    const part = bytes.subarray(at + 1, at + 1 + length);
    at += 1 + length;
    const read = part.toString('utf8');
    require(length <= most && part.equals(Buffer.from(read, 'utf8')));
    return read;
  };
  require(bytes.length === 512 && bytes[0] === 1 && bytes.readBigUInt64BE(1) <= 2n ** 40n);
  const length = Number(bytes.readBigUInt64BE(1));
  const [mediaType, title, fhirType, created] = [string(127), string(255), string(64), string(32)];
  require(/^[\x20-\x7e]+\/[\x20-\x7e]+$/.test(mediaType));
  require(/^([A-Z][A-Za-z]*)?$/.test(fhirType));
  require(/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{3})?Z)?$/.test(created));
  require(new Date(created).toISOString().startsWith(created.slice(0, 10)));
  require(bytes.subarray(at).every((byte) => byte === 0));
  return { length, mediaType, title, fhirType, created };
}

function require(holds: boolean): void {
  if (!holds) throw new Error('METADATA_BROKEN');
}
