import type { Folder } from '../folders/index.ts';

/** What somebody who treats an unknown patient looks for first, by the kind of folder that holds it. */
export const SUGGESTED = ['general', 'medication', 'laboratory'] as const;
export type SuggestedKind = (typeof SUGGESTED)[number];

export type Choice = Folder & {
  /** Why it is proposed; undefined for a folder that is not. */
  readonly suggested: SuggestedKind | undefined;
};

/**
 * Folders to choose the emergency set from, those that are proposed first. What is marked already and
 * has no name stays among them: nothing is taken out by not being seen.
 */
export function choicesOf(
  folders: readonly Folder[],
  marked: readonly number[],
  nameOf: (compartment: number) => string,
): readonly Choice[] {
  const known = new Set(folders.map(({ number }) => number));
  const others = marked
    .filter((number) => !known.has(number))
    .map((number): Folder => ({ number, name: nameOf(number) }));
  const choices = [...folders, ...others].map((folder) => ({ ...folder, suggested: suggestedKind(folder) }));
  return choices.toSorted((a, b) => rank(a) - rank(b));
}

function suggestedKind({ kind }: Folder): SuggestedKind | undefined {
  return SUGGESTED.find((one) => one === kind);
}

function rank({ suggested, kind }: Choice): number {
  if (suggested) return SUGGESTED.indexOf(suggested);
  // What is set apart is offered last.
  return kind === 'mental-health' ? SUGGESTED.length + 1 : SUGGESTED.length;
}
