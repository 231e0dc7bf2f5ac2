/**
 * `npm run demo -- [--json] [--story NAME] [FILE …]`: the main job without a browser, through
 * real parts, on the given files or on made-up ones. Exit code 0 only if every check held.
 */
import { emergencyStory } from './demo/emergency-story.ts';
import { erasureStory } from './demo/erasure-story.ts';
import { inputFiles } from './demo/files.ts';
import { liarStory } from './demo/liar-story.ts';
import { mainStory } from './demo/main-story.ts';
import { printResult } from './demo/print.ts';
import { recoveryStory } from './demo/recovery-story.ts';
import { replicasStory } from './demo/replicas-story.ts';
import type { Story } from './demo/result.ts';
import { shiftStory } from './demo/shift-story.ts';
import { readOptions } from './lib/options.ts';
import { stopAllServices } from './lib/process.ts';

const STORIES: Readonly<Record<string, Story>> = {
  main: mainStory,
  erasure: erasureStory,
  replicas: replicasStory,
  shift: shiftStory,
  liar: liarStory,
  emergency: emergencyStory,
  recovery: recoveryStory,
};

const HELP = `npm run demo -- [--json] [--story NAME] [FILE …]

Seals each file, stores it, shares it, opens it as a clinician, revokes, and reads the log:
chain, contracts, storage, keepers and a relay are started for it and stopped again. The story
\`shift\`: a patient and a clinician without any ether, one signature each, twenty charts.

  FILE         FHIR JSON, DICOM, PDF, anything. Without any, files are made up.
  --json       one JSON object on standard output instead of tables (npm itself prints
               two lines before it, unless called as: npm run -s demo -- --json)
  --story NAME ${Object.keys(STORIES).join(', ')} (default: main).
               main: all of the above. erasure: retires a record and takes it off every node.
               replicas: loses and spoils blocks on a node, and mends them. liar: an index that
               hides, invents, edits, reorders and delays entries is found out each time.
               emergency: breaks the glass on both roads, to the review.
               recovery: guardians move a patient to a new wallet; representatives.`;

process.on('SIGINT', () => void stopAllServices().then(() => process.exit(130)));
process.on('SIGTERM', () => void stopAllServices().then(() => process.exit(143)));
process.on('SIGHUP', () => void stopAllServices().then(() => process.exit(129)));

try {
  process.exitCode = await demo();
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : 'failed'}`);
  process.exitCode = 1;
} finally {
  await stopAllServices();
}
process.exit();

async function demo(): Promise<number> {
  const { values, positionals } = readOptions(HELP, {
    allowPositionals: true,
    options: { json: { type: 'boolean' }, story: { type: 'string', default: 'main' } },
  });
  const story = STORIES[values.story];
  if (!story)
    throw new Error(`there is no story of that name. There are: ${Object.keys(STORIES).join(', ')}.`);
  const files = await inputFiles(positionals);
  const result = await story(files, (text) => console.error(`· ${text}`));
  if (values.json) console.log(JSON.stringify(result, null, 2));
  else printResult(result);
  return result.ok ? 0 : 1;
}
