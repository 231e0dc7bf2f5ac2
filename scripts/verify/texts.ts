import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../lib/tool.ts';
import type { Outcome } from './step.ts';
import { wrongCallsIn } from './texts-calls.ts';
import { compareTexts, flatten, type Texts } from './texts-compare.ts';
import { literalsIn } from './texts-literals.ts';

const MESSAGES = 'web/messages';
const PAGES = ['web/app', 'web/features', 'web/ui'];
/** Texts for when the texts could not be loaded. */
const WITHOUT_MESSAGES = ['web/app/global-error.tsx'];
/** Sentences of the sdk under themselves: English needs none of them. */
const SAID = 'sdk';

/** Every text is there in each language with the same arguments, is used, and none stands in a page. */
export async function checkTexts(): Promise<Outcome> {
  const languages = (await readdir(join(root, MESSAGES))).sort();
  const english = await textsIn('en');
  const sources = await sourcesIn(PAGES);
  const failures: string[] = [];
  for (const language of languages) {
    if (language !== 'en') failures.push(...compareTexts(language, english, await textsIn(language)));
    failures.push(...(await staleSentences(language, sources)));
  }
  failures.push(...unusedIn(english, sources));
  for (const [path, source] of sources) {
    failures.push(...wrongCallsIn(path, source, english));
    if (WITHOUT_MESSAGES.includes(path)) continue;
    for (const { line, text } of literalsIn(path, source)) {
      failures.push(`${path}:${line}: "${text}" belongs into ${MESSAGES}`);
    }
  }
  const note = `${english.size} texts in ${languages.join(', ')}`;
  return failures.length > 0 ? { failure: failures.join('\n') } : { note };
}

async function textsIn(language: string): Promise<Texts> {
  const folder = join(root, MESSAGES, language);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json') && name !== `${SAID}.json`);
  const all = await Promise.all(
    files.map(async (name) => {
      const value: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
      return flatten(value, name.replace('.json', ''));
    }),
  );
  return new Map(all.flatMap((texts) => [...texts]));
}

async function sourcesIn(folders: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const paths = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name));
      return files.map(({ parentPath, name }) => join(parentPath, name));
    }),
  );
  const read = paths.flat().map(async (path) => {
    return [path.slice(root.length + 1).replaceAll('\\', '/'), await readFile(path, 'utf8')] as const;
  });
  return new Map(await Promise.all(read));
}

/** A key counts as used where its first part stands in quotes: `'key'`, or `` `group.${which}` ``. */
function unusedIn(texts: Texts, sources: ReadonlyMap<string, string>): readonly string[] {
  const code = [...sources.values()].join('\n');
  const keys = new Set([...texts.keys()].map((key) => key.split('.').slice(0, 2).join('.')));
  return [...keys].flatMap((key) => {
    const [file = '', name = ''] = key.split('.');
    const used = code.includes(`'${name}'`) || code.includes(`\`${name}.`);
    return used ? [] : [`${MESSAGES}/en/${file}.json: "${name}" is used nowhere`];
  });
}

/** Translations of sentences that nobody says any more. */
async function staleSentences(
  language: string,
  pages: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const text = await readFile(join(root, MESSAGES, language, `${SAID}.json`), 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const { sentences } = JSON.parse(text) as { readonly sentences: Readonly<Record<string, string>> };
  const sdk = await sourcesIn(['sdk/src']);
  // As keys are: dots lead into an object of messages.
  const said = [...sdk.values(), ...pages.values()].join('\n').replaceAll('.', '');
  return Object.keys(sentences)
    .filter((sentence) => !said.includes(sentence))
    .map((sentence) => `${MESSAGES}/${language}/${SAID}.json: nobody says "${sentence}"`);
}
