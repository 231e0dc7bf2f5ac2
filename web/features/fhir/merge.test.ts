import type { Resource } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { mergeRecords } from './merge.ts';

const as = (value: unknown) => value as Resource;

describe('mergeRecords', () => {
  test('default: one patient, and everything else', () => {
    const patient = { fullUrl: 'urn:uuid:p', resource: { resourceType: 'Patient' } };
    const lab = (id: string) => ({ resource: { resourceType: 'Observation', id } });
    const merged = mergeRecords([
      as({ resourceType: 'Bundle', entry: [patient, lab('1')] }),
      as({ resourceType: 'Bundle', entry: [patient, lab('2'), lab('1')] }),
      as({ resourceType: 'Observation' }),
    ]);
    expect(merged.entry).toHaveLength(4);
  });

  test('behavior: files that are anybody’s break nothing', () => {
    const broken = [null, 7, { resource: null }, { resource: 'x' }, { fullUrl: {} }];
    expect(mergeRecords([as({ resourceType: 'Bundle', entry: broken })]).entry).toEqual([]);
    expect(mergeRecords([as({ resourceType: 'Bundle', entry: 'x' })]).entry).toEqual([]);
  });
});
