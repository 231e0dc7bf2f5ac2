import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';

/** ICU messages by `file.key`, or `file.group.key`. */
export type Texts = ReadonlyMap<string, string>;

export function flatten(value: unknown, prefix: string): Texts {
  if (typeof value === 'string') return new Map([[prefix, value]]);
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`${prefix} is neither text nor group.`);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...flatten(inner, `${prefix}.${key}`)]));
}

/** Three words in a row, after which two languages are no longer the same by chance. */
const SENTENCE = /\p{L}+ \p{L}+ \p{L}+/u;

/** What keeps a language from being complete, one line each. */
export function compareTexts(language: string, english: Texts, other: Texts): readonly string[] {
  const failures: string[] = [];
  for (const [key, text] of english) {
    const translated = other.get(key);
    if (translated === undefined) {
      failures.push(`${key}: missing in ${language}`);
      continue;
    }
    if (translated.trim() === '') failures.push(`${key}: empty in ${language}`);
    if (translated === text && SENTENCE.test(text)) failures.push(`${key}: English in ${language}`);
    const [wanted, found] = [argumentsOf(text), argumentsOf(translated)];
    if (wanted !== found) failures.push(`${key}: ${language} has ${found}, English has ${wanted}`);
  }
  for (const key of other.keys()) if (!english.has(key)) failures.push(`${key}: only in ${language}`);
  return failures;
}

/** `count (plural), <b>`: what a message is filled with, whatever its order; or why it can't be read. */
export function argumentsOf(message: string): string {
  try {
    const found = new Set<string>();
    collect(parse(message), found);
    return found.size === 0 ? 'no argument' : [...found].sort().join(', ');
  } catch (error) {
    return `an error: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function collect(elements: readonly MessageFormatElement[], found: Set<string>): void {
  for (const element of elements) {
    if (element.type === TYPE.tag) {
      found.add(`<${element.value}>`);
      collect(element.children, found);
    } else if (element.type === TYPE.plural || element.type === TYPE.select) {
      found.add(element.value);
      for (const { value } of Object.values(element.options)) collect(value, found);
    } else if (element.type !== TYPE.literal && element.type !== TYPE.pound) {
      found.add(element.value);
    }
  }
}
