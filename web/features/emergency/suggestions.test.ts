import { describe, expect, it } from 'vitest';
import type { Folder } from '../folders/index.ts';
import { choicesOf } from './suggestions.ts';

const nameOf = (compartment: number) => `Folder ${compartment + 1}`;
const FOLDERS: readonly Folder[] = [
  { number: 41, name: 'Talks', kind: 'mental-health' },
  { number: 9, name: 'Bills', kind: 'insurance' },
  { number: 30, name: 'Blood', kind: 'laboratory' },
  { number: 5, name: 'Pills', kind: 'medication' },
  { number: 0, name: 'General', kind: 'general' },
];

describe('choicesOf', () => {
  it('default: allergies and problems, medications and blood group first, what is set apart last', () => {
    const choices = choicesOf(FOLDERS, [], nameOf);
    expect(choices.map(({ name }) => name)).toEqual(['General', 'Pills', 'Blood', 'Bills', 'Talks']);
    expect(choices.map(({ suggested }) => suggested)).toEqual([
      ...['general', 'medication', 'laboratory'],
      ...[undefined, undefined],
    ]);
  });

  it('behavior: what is marked and has no name here stays a choice', () => {
    expect(choicesOf([], [12], nameOf)).toEqual([{ number: 12, name: 'Folder 13', suggested: undefined }]);
    expect(choicesOf(FOLDERS, [5], nameOf)).toHaveLength(FOLDERS.length);
  });
});
