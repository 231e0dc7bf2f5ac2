/** What a made-up scan says of itself; each may be as untrue as a test needs it. */
export type MadeScan = {
  readonly rows?: number;
  readonly columns?: number;
  /** Pictures that the header promises, as text: `1`, `999999999`, `-1`. */
  readonly frames?: string;
  /** In every text field. */
  readonly text?: string;
  readonly transferSyntax?: string;
  /** By default a ramp of grey, 16 bits a pixel, for all rows, columns and frames. */
  readonly pixels?: Uint8Array;
  /** How deep empty sequences lie in each other. */
  readonly depth?: number;
};

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** Value representations with two reserved bytes and a length of four (PS3.5, section 7.1.2). */
const LONG = new Set(['OB', 'OW', 'SQ', 'UT', 'UN']);

/** A DICOM file (PS3.10) of a made-up scan, nobody's. */
export function madeScan(scan: MadeScan = {}): Uint8Array<ArrayBuffer> {
  const { rows = 64, columns = 64, frames = '1', text = 'Made up', depth = 0 } = scan;
  const pixels = scan.pixels ?? ramp(rows, columns, Number(frames));
  const syntax = element(2, 0x10, 'UI', ascii(scan.transferSyntax ?? EXPLICIT_LITTLE_ENDIAN, '\0'));
  const data = [
    element(8, 0x16, 'UI', ascii('1.2.840.10008.5.1.4.1.1.4', '\0')),
    element(8, 0x18, 'UI', ascii('1.2.3.4', '\0')),
    element(8, 0x20, 'DA', ascii('20260102')),
    element(8, 0x60, 'CS', ascii(text.slice(0, 60))),
    element(8, 0x1030, 'LO', ascii(text)),
    element(8, 0x103e, 'LO', ascii(text)),
    ...(depth > 0 ? [nested(depth)] : []),
    element(0x10, 0x10, 'PN', ascii(text)),
    element(0x18, 0x15, 'CS', ascii(text.slice(0, 60))),
    element(0x28, 2, 'US', uint16(1)),
    element(0x28, 4, 'CS', ascii('MONOCHROME2')),
    element(0x28, 8, 'IS', ascii(frames)),
    element(0x28, 0x10, 'US', uint16(rows)),
    element(0x28, 0x11, 'US', uint16(columns)),
    element(0x28, 0x100, 'US', uint16(16)),
    element(0x28, 0x101, 'US', uint16(16)),
    element(0x28, 0x102, 'US', uint16(15)),
    element(0x28, 0x103, 'US', uint16(0)),
    element(0x28, 0x1050, 'DS', ascii('2048')),
    element(0x28, 0x1051, 'DS', ascii('4096')),
    element(0x7fe0, 0x10, 'OW', pixels),
  ];
  const meta = joined([element(2, 1, 'OB', Uint8Array.of(0, 1)), syntax]);
  const length = element(2, 0, 'UL', uint32(meta.length));
  return joined([new Uint8Array(128), ascii('DICM'), length, meta, ...data]);
}

function ramp(rows: number, columns: number, frames: number): Uint8Array {
  const pixels = new Uint16Array(rows * columns * frames);
  for (let at = 0; at < pixels.length; at++) pixels[at] = ((at % columns) * 4096) / columns;
  return new Uint8Array(pixels.buffer);
}

/** Sequences of undefined length, one in the other. */
function nested(depth: number): Uint8Array {
  const undefinedLength = uint32(0xffffffff);
  const open = joined([
    tag(8, 0x1140),
    ascii('SQ'),
    uint16(0),
    undefinedLength,
    tag(0xfffe, 0xe000),
    undefinedLength,
  ]);
  return joined(Array.from({ length: depth }, () => open));
}

function element(group: number, number: number, vr: string, value: Uint8Array): Uint8Array {
  const length = LONG.has(vr) ? [uint16(0), uint32(value.length)] : [uint16(value.length)];
  return joined([tag(group, number), ascii(vr), ...length, value]);
}

function tag(group: number, number: number): Uint8Array {
  return joined([uint16(group), uint16(number)]);
}

/** Values have an even length (PS3.5, section 6.2). */
function ascii(text: string, pad = ' '): Uint8Array {
  const padded = text.length % 2 === 0 ? text : `${text}${pad}`;
  return Uint8Array.from(padded, (letter) => letter.charCodeAt(0));
}

function uint16(value: number): Uint8Array {
  return new Uint8Array(Uint16Array.of(value).buffer);
}

function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
