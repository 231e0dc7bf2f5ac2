import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { emergencyStory } from '../../scripts/demo/emergency-story.ts';
import { erasureStory } from '../../scripts/demo/erasure-story.ts';
import { liarStory } from '../../scripts/demo/liar-story.ts';
import { recoveryStory } from '../../scripts/demo/recovery-story.ts';
import { replicasStory } from '../../scripts/demo/replicas-story.ts';
import type { InputFile, Story } from '../../scripts/demo/result.ts';

const FILES: readonly InputFile[] = [
  { name: 'scan.bin', blob: new Blob([randomBytes(1_500_000)]) },
  { name: 'note.txt', blob: new Blob(['made up']) },
];

test.each<[string, Story]>([
  ['erasure', erasureStory],
  ['replicas', replicasStory],
  ['liar', liarStory],
  ['emergency', emergencyStory],
  ['recovery', recoveryStory],
])('behavior: every check of the story "%s" holds', { timeout: 240_000 }, async (_name, story) => {
  const { ok, checks } = await story(FILES, () => undefined);
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(ok).toBe(true);
});
