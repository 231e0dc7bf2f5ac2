import { describe, expect, it } from 'vitest';
import { languageFor } from './languages.ts';

describe('languageFor', () => {
  it('default: English, for whoever asks for nothing that there is', () => {
    expect(languageFor(undefined, null)).toBe('en');
    expect(languageFor(undefined, '')).toBe('en');
    expect(languageFor(undefined, 'fr, es;q=0.5, *;q=0.1')).toBe('en');
  });

  it('behavior: what was chosen goes before what the browser asks for', () => {
    expect(languageFor('en', 'de')).toBe('en');
    expect(languageFor('de', 'en')).toBe('de');
  });

  it('behavior: the best weight that there is wins, regions count as their language', () => {
    expect(languageFor(undefined, 'de-AT')).toBe('de');
    expect(languageFor(undefined, 'en;q=0.5, DE;q=0.9')).toBe('de');
    expect(languageFor(undefined, 'fr, en-US;q=0.8, de;q=0.7')).toBe('en');
    expect(languageFor(undefined, 'de;q=0, en;q=0.1')).toBe('en');
  });

  it('error: a cookie or header that makes no sense counts for nothing', () => {
    expect(languageFor('../de', null)).toBe('en');
    expect(languageFor(undefined, 'de;q=x, ;;;, =')).toBe('en');
    expect(languageFor(undefined, 'de;q=2')).toBe('en');
    expect(languageFor(undefined, `${' '.repeat(5_000)}de`)).toBe('en');
  });
});
