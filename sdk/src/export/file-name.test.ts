import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { archiveFileName, exportAgeName, exportChartName } from './file-name.ts';

const DAY = new Date('2026-11-21T10:00:00Z');
const plain = 'application/octet-stream';

describe('archiveFileName', () => {
  test('default: a number, the title, and the ending of what it is', () => {
    expect(archiveFileName(1, { title: 'Lab results', mediaType: 'application/fhir+json' })).toBe(
      '0001 Lab results.json',
    );
    expect(archiveFileName(12, { title: 'CT Thorax.DCM', mediaType: 'application/dicom' })).toBe(
      '0012 CT Thorax.DCM',
    );
    expect(archiveFileName(3, { title: '', mediaType: 'image/jpeg' })).toBe('0003 record.jpg');
    expect(archiveFileName(3, { title: 'x.jpeg', mediaType: 'image/jpeg; q=1' })).toBe('0003 x.jpeg');
  });

  test('error: a way out of the folder, a device, a turned reading direction', () => {
    expect(archiveFileName(1, { title: '../../etc/passwd', mediaType: plain })).toBe('0001 _.._etc_passwd');
    expect(archiveFileName(1, { title: 'C:\\temp\\a', mediaType: plain })).toBe('0001 C__temp_a');
    expect(archiveFileName(1, { title: 'CON', mediaType: plain })).toBe('0001 CON');
    expect(archiveFileName(1, { title: 'gpj.\u202exe', mediaType: plain })).toBe('0001 gpj._xe');
    expect(archiveFileName(1, { title: 'a\n\u0000b. . ', mediaType: plain })).toBe('0001 a__b');
  });

  test('error: what a double click would run is a text', () => {
    for (const ending of ['html', 'SVG', 'exe', 'lnk', 'js', 'xml', 'hta', 'command']) {
      expect(archiveFileName(1, { title: `a.${ending}`, mediaType: plain })).toBe(`0001 a.${ending}.txt`);
    }
    expect(archiveFileName(1, { title: 'a', mediaType: 'application/xml' })).toBe('0001 a.xml.txt');
  });

  test('behavior: any title is one safe segment of at most 255 bytes', () => {
    const title = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('.', '..', ' ', '💊'.repeat(100), `${'é'.repeat(200)}.pdf`, 'nul.txt', 'a/../b'),
    );
    fc.assert(
      fc.property(title, fc.constantFrom(plain, 'application/pdf', 'text/plain'), (text, mediaType) => {
        const name = archiveFileName(7, { title: text, mediaType });
        expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(255);
        expect(name.isWellFormed()).toBe(true);
        expect(name).toMatch(/^0007 [^\\/:*?"<>|\p{Cc}\p{Cf}]+$/u);
        expect(name).toMatch(/[^ .]$/);
      }),
    );
  });
});

describe('exportAgeName', () => {
  test('default: the title, without what file systems refuse', () => {
    expect(exportAgeName('CT 2026/01: Thorax?.dcm')).toBe('CT 2026_01_ Thorax_.dcm.age');
    expect(exportAgeName(' ')).toBe('record.age');
  });
});

describe('exportChartName', () => {
  test('default: a day, no name', () => {
    expect(exportChartName(DAY, false)).toBe('chart-2026-11-21.tar');
    expect(exportChartName(DAY, true)).toBe('chart-2026-11-21.tar.age');
  });
});
