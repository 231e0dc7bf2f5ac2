import {
  type BundlePart,
  type BundleProblem,
  bundleProblems,
  type CompartmentSuggestion,
  fitTitle,
  type RecordId,
  splitBundle,
} from '@chartkey/sdk';
import { guessDay, guessType, suggestionFor } from './guess.ts';

/** A file on its way. What was stored is not stored again when only the signature failed. */
export type Item = {
  readonly id: string;
  readonly file: File;
  /** What a FHIR bundle holds; undefined for any other file. */
  readonly bundle: ReadBundle | undefined;
  /** Of a bundle: added as the records in it. */
  readonly split: boolean;
  readonly title: string;
  readonly fhirType: string;
  readonly day: string;
  /** Undefined: where the type suggests. */
  readonly folder: number | undefined;
  readonly state:
    | { readonly step: 'waiting' }
    | { readonly step: 'sealing'; readonly done: number; readonly total: number; readonly stage: Stage }
    | { readonly step: 'sealed' | 'signing' | 'done' }
    | { readonly step: 'failed'; readonly error: unknown; readonly stored: boolean };
};

type Stage = 'encrypting' | 'confirming' | 'waiting';

type ReadBundle = {
  /** Empty when it can't be taken apart: then `problem` says why. */
  readonly parts: readonly BundlePart[];
  readonly problem: BundleProblem | 'notJson' | undefined;
  /** How many more there are. */
  readonly moreProblems: number;
};

/** One record to be. */
export type Unit = {
  readonly id: string;
  readonly file: () => File;
  readonly described: {
    readonly title?: string;
    readonly mediaType?: string;
    readonly fhirType?: string;
    readonly created?: string;
  };
  readonly suggestion: CompartmentSuggestion;
  readonly folder: number | undefined;
  readonly sealed: RecordId | undefined;
};

/** What lies beyond is no chart that a page can take apart. */
const MAX_BUNDLE_BYTES = 64 * 1024 ** 2;

/** Reads a file as far as it must be known before it is added. */
export async function readItem(file: File): Promise<Item> {
  const bundle = await readBundle(file);
  return {
    ...{ id: crypto.randomUUID(), file, bundle },
    split: (bundle?.parts.length ?? 0) > 1,
    title: fitTitle(file.name),
    fhirType: bundle ? 'Bundle' : guessType(file),
    day: guessDay(file),
    folder: undefined,
    state: { step: 'waiting' },
  };
}

async function readBundle(file: File): Promise<ReadBundle | undefined> {
  if (!/\.json$/i.test(file.name) || file.size > MAX_BUNDLE_BYTES) return undefined;
  const head = await file.slice(0, 4_096).text();
  if (!/"resourceType"\s*:\s*"Bundle"/.test(head)) return undefined;
  try {
    const value: unknown = JSON.parse(await file.text());
    const [first, ...more] = bundleProblems(value);
    if (!first) return { parts: splitBundle(value), problem: undefined, moreProblems: 0 };
    return { parts: [], problem: first, moreProblems: more.length };
  } catch {
    return { parts: [], problem: 'notJson', moreProblems: 0 };
  }
}

/** The records that an item becomes. A single resource keeps the type that its bytes say. */
export function unitsOf(item: Item, sealed: ReadonlyMap<string, RecordId>): readonly Unit[] {
  const { id, file, bundle, split, title, fhirType, day, folder } = item;
  if (split && bundle) {
    return bundle.parts.map((part, at): Unit => {
      const unitId = `${id} ${at}`;
      return {
        ...{ id: unitId, folder, suggestion: part.suggestion, sealed: sealed.get(unitId) },
        file: () => new File([JSON.stringify(part.contents)], `${part.type.display}.json`),
        described: {
          ...{ title: part.title, fhirType: part.type.fhirType, created: part.day ?? day },
          mediaType: 'application/fhir+json',
        },
      };
    });
  }
  const described = { title, created: day, ...(fhirType !== '' && { fhirType }) };
  const unit = { id, file: () => file, described, folder, sealed: sealed.get(id) };
  return [{ ...unit, suggestion: suggestionFor(fhirType) }];
}
