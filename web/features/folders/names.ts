import type { CompartmentSuggestion } from '@chartkey/sdk';

/** A compartment as its patient calls it. */
export type Folder = {
  readonly number: number;
  readonly name: string;
  /** What goes there unless the patient says otherwise; a name may be anything. */
  readonly kind?: CompartmentSuggestion | undefined;
};

/** Where the record with the names lies. No consent of this app names it, so nobody is given it. */
export const NAMES_COMPARTMENT = 63;
export const NAMES_MEDIA_TYPE = 'application/vnd.chartkey.folders+json';
export const MAX_NAME_LENGTH = 60;

export type PresetKind = (typeof PRESETS)[number];

/** What folders are called until their patient says otherwise, in the reader's language. */
export type DefaultNames = {
  readonly nameOf: (compartment: number) => string;
  readonly presetName: (kind: PresetKind) => string;
};

/** `General` first: it is the only one that a provider can ask for by number. */
const PRESETS = ['medication', 'laboratory', 'imaging', 'insurance', 'mental-health'] as const;

export function generalFolder({ nameOf }: DefaultNames): Folder {
  return { number: 0, name: nameOf(0), kind: 'general' };
}

/** Names for a chart that has none. Numbers are drawn, so that the chain does not tell what "7" holds. */
export function presetFolders(names: DefaultNames, used: readonly number[]): readonly Folder[] {
  const general = generalFolder(names);
  const folders = [general, ...unnamed(names, [general], used)];
  for (const kind of PRESETS) {
    folders.push({ number: freeNumber(folders), name: names.presetName(kind), kind });
  }
  return folders;
}

/** Compartments with records in them that no name was given for. */
export function unnamed(
  { nameOf }: DefaultNames,
  folders: readonly Folder[],
  used: readonly number[],
): readonly Folder[] {
  const known = new Set([...folders.map(({ number }) => number), NAMES_COMPARTMENT]);
  return [...new Set(used)]
    .filter((number) => !known.has(number))
    .sort((a, b) => a - b)
    .map((number) => ({ number, name: nameOf(number) }));
}

/** A number that none of these has, drawn at random. */
export function freeNumber(folders: readonly Folder[]): number {
  const taken = new Set([...folders.map(({ number }) => number), NAMES_COMPARTMENT]);
  const free = Array.from({ length: 64 }, (_, number) => number).filter((number) => !taken.has(number));
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  const number = free[drawn % free.length];
  if (number === undefined) throw new RangeError('All 63 folders have a name.');
  return number;
}

/** What keeps a list of names from being saved, as the key of its text; undefined if nothing does. */
export function namesProblem(
  folders: readonly Folder[],
): 'everyFolderNeedsAName' | 'aNameHasAtMost' | 'twoFoldersHaveTheSame' | undefined {
  const names = folders.map(({ name }) => name.trim());
  if (names.some((name) => name === '')) return 'everyFolderNeedsAName';
  if (names.some((name) => name.length > MAX_NAME_LENGTH)) return 'aNameHasAtMost';
  const distinct = new Set(names.map((name) => name.toLowerCase()));
  return distinct.size < names.length ? 'twoFoldersHaveTheSame' : undefined;
}

/** The content of the record: docs/format.md, section 16. */
export function encodeNames(folders: readonly Folder[]): File {
  const content = {
    format: 'chartkey-folders',
    version: 1,
    folders: folders.map(({ number, name, kind }) => ({ number, name: name.trim(), ...(kind && { kind }) })),
  };
  return new File([JSON.stringify(content)], 'folders.json', { type: NAMES_MEDIA_TYPE });
}

/** Undefined for what {@link encodeNames} would not have written. */
export function decodeNames(text: string): readonly Folder[] | undefined {
  const content = parsed(text);
  if (content?.['format'] !== 'chartkey-folders' || content['version'] !== 1) return undefined;
  const list = content['folders'];
  if (!Array.isArray(list) || list.length === 0 || list.length > 63 || !list.every(isFolder))
    return undefined;
  const numbers = new Set(list.map(({ number }) => number));
  return numbers.size === list.length && namesProblem(list) === undefined ? list : undefined;
}

const KINDS: ReadonlySet<unknown> = new Set(['general', ...PRESETS]);

function isFolder(value: unknown): value is Folder {
  if (typeof value !== 'object' || value === null) return false;
  const { number, name, kind } = value as Record<string, unknown>;
  const isNumber = Number.isInteger(number) && Number(number) >= 0 && Number(number) < NAMES_COMPARTMENT;
  return isNumber && typeof name === 'string' && (kind === undefined || KINDS.has(kind));
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
