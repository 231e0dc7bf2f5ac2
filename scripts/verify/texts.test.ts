import { describe, expect, it } from 'vitest';
import { checkTexts } from './texts.ts';
import { wrongCallsIn } from './texts-calls.ts';
import { argumentsOf, compareTexts, flatten } from './texts-compare.ts';
import { literalsIn } from './texts-literals.ts';

const texts = (value: unknown) => flatten(value, 'file');

describe('checkTexts', () => {
  it('default: the web app is complete', async () => {
    expect((await checkTexts()).failure).toBeUndefined();
  });
});

describe('compareTexts', () => {
  const english = texts({ a: 'All {count}', group: { b: '<b>Now</b>' } });

  it('default: the same keys and arguments pass, in any order of words', () => {
    const german = { a: '{count, plural, one {Eins} other {Alle #}}', group: { b: 'Eben <b>jetzt</b>' } };
    expect(compareTexts('de', english, texts(german))).toEqual([]);
  });

  it('error: a key that is missing, empty, untranslated, or only there', () => {
    expect(compareTexts('de', english, texts({ a: 'Alle {count}', group: {}, c: 'mehr' }))).toEqual([
      'file.group.b: missing in de',
      'file.c: only in de',
    ]);
    expect(compareTexts('de', texts({ a: 'x' }), texts({ a: ' ' }))).toEqual(['file.a: empty in de']);
    const same = texts({ a: 'Index', b: 'Nobody has looked' });
    expect(compareTexts('de', same, same)).toEqual(['file.b: English in de']);
  });

  it('error: an argument or a tag that is missing or misspelt', () => {
    expect(compareTexts('de', english, texts({ a: 'Alle {cuont}', group: { b: 'Jetzt' } }))).toEqual([
      'file.a: de has cuont, English has count',
      'file.group.b: de has no argument, English has <b>',
    ]);
  });

  it('error: what is no message', () => {
    expect(argumentsOf('{count, plural, one {x}}')).toMatch(/^an error: /);
    expect(argumentsOf('{open')).toMatch(/^an error: /);
    expect(() => texts({ a: 1 })).toThrow('file.a is neither text nor group.');
  });
});

describe('literalsIn', () => {
  const found = (source: string) => literalsIn('page.tsx', source).map(({ text }) => text);

  it('error: text between tags, and in what people read or hear', () => {
    expect(found('<p>Stop sharing</p>')).toEqual(['Stop sharing']);
    expect(found('<A title="Stop" aria-label={on ? "Close menu" : t("open")} />')).toEqual([
      'Stop',
      'Close menu',
    ]);
    expect(found('<p>{busy && "One moment"}</p>')).toEqual(['One moment']);
    expect(found('<p>{name ?? `No name`}</p>')).toEqual(['No name']);
    expect(found('const tabs = [{ value: "all", label: "Everybody" }];')).toEqual(['Everybody']);
  });

  it('default: keys, codes, names of ours and what only programs read pass', () => {
    expect(
      found('<A title={t("stopSharing")} href="/patient" variant="light" c={on ? "Red" : ""} />'),
    ).toEqual([]);
    expect(found('<p>Chartkey · {count}</p>')).toEqual(['Chartkey ·']);
    expect(found('<p>Chartkey</p>')).toEqual([]);
    expect(found('<p>{role === "None" ? "" : " · "}</p>')).toEqual([]);
    expect(found('const code = { system: "LOINC codes", label: "stopSharing" };')).toEqual([]);
  });
});

describe('wrongCallsIn', () => {
  const english = flatten(
    { plain: 'Now', all: '{count, plural, other {All # of <b>{name}</b>}}' },
    'who-looked',
  );
  const wrong = (call: string) =>
    wrongCallsIn('page.tsx', `const t = useTranslations('whoLooked'); ${call}`, english);

  it('default: exactly what the text is filled with', () => {
    expect(wrong("t('plain'); t.rich('all', { count, name: 'x', b: bold })")).toEqual([]);
    expect(wrong('t(key, values); other("plain", { x })')).toEqual([]);
  });

  it('error: too little, too much, or another name', () => {
    expect(wrong("t('plain', { count })")).toEqual([
      'page.tsx:1: who-looked.plain is given count, and filled with no argument',
    ]);
    expect(wrong("t.rich(on ? 'all' : 'plain', { number, b: bold, name })")).toHaveLength(2);
  });
});
