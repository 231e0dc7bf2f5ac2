import { describe, expect, test } from 'vitest';
import { describeFile } from './index.ts';

const now = new Date('2026-11-21T10:00:00Z');

describe('describeFile', () => {
  test('default', async () => {
    const file = new Blob(['{ "resourceType": "Bundle", "type": "transaction" }']);
    expect(await describeFile(file, 'chart.json', now)).toEqual({
      length: file.size,
      mediaType: 'application/fhir+json',
      title: 'chart.json',
      fhirType: 'Bundle',
      created: '2026-11-21T10:00:00Z',
    });
  });

  test('behavior: the bytes count more than the name', async () => {
    const dicom = new Uint8Array(132);
    dicom.set([0x44, 0x49, 0x43, 0x4d], 128);
    expect((await describeFile(new Blob([dicom]), 'x.txt', now)).mediaType).toBe('application/dicom');
    expect((await describeFile(new Blob(['%PDF-1.7']), 'x', now)).mediaType).toBe('application/pdf');
  });

  test('behavior: empty files, no ending, emoji, JSON that is no FHIR', async () => {
    expect(await describeFile(new Blob([]), '', now)).toMatchObject({
      length: 0,
      mediaType: 'application/octet-stream',
    });
    expect(await describeFile(new Blob(['x']), '💊.txt', now)).toMatchObject({
      title: '💊.txt',
      mediaType: 'text/plain',
    });
    expect(await describeFile(new Blob(['{}']), 'a.json', now)).toMatchObject({
      fhirType: '',
      mediaType: 'application/json',
    });
    expect(await describeFile(new Blob(['{"resourceType":"lower"}']), 'a.json', now)).toMatchObject({
      fhirType: '',
    });
  });
});
