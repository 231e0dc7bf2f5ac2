import { describe, expect, test } from 'vitest';
import { bundleProblems, describeProblem } from './index.ts';

const bundle = (...resources: readonly unknown[]) => ({
  ...{ resourceType: 'Bundle', type: 'collection' },
  entry: resources.map((resource) => ({ resource })),
});
const words = (value: unknown) => bundleProblems(value).map(describeProblem);

describe('bundleProblems', () => {
  test('default: none', () => {
    expect(words(bundle({ resourceType: 'Patient' }))).toEqual([]);
  });

  test.each([
    ['nothing', null, 'The file: "resourceType" is missing. It should be "Bundle".'],
    [
      'a resource',
      { resourceType: 'Patient' },
      'The file: "resourceType" is something else. It should be "Bundle".',
    ],
    [
      'no entries',
      { ...bundle(), entry: [] },
      'The file: "entry" is missing or empty. It should be a list of resources.',
    ],
    ['entries that are none', { ...bundle(), entry: {} }, 'The file: "entry" is missing or empty.'],
    [
      'an entry without a resource',
      { ...bundle(), entry: [{ request: {} }] },
      'Entry 1: "resource" is missing.',
    ],
    ['no type', bundle({ id: 'x' }), 'Entry 1: "resource.resourceType" is missing.'],
    [
      'a type that is none',
      bundle({ resourceType: '<b>' }),
      'Entry 1: "resource.resourceType" is something else.',
    ],
    [
      'an id that is none',
      bundle({ resourceType: 'Basic', id: 'a b' }),
      'Entry 1 (Basic): "id" is no FHIR id.',
    ],
    [
      'a reference that is none',
      bundle({ resourceType: 'Basic', subject: { reference: 7 } }),
      'Entry 1 (Basic): "reference" is of type number.',
    ],
    [
      'a missing field',
      bundle({ resourceType: 'Condition' }),
      'Entry 1 (Condition): "subject" is missing. It should be a reference to the patient.',
    ],
    [
      'one of several fields',
      bundle({ resourceType: 'Immunization', status: 'completed', vaccineCode: {}, patient: {} }),
      'Entry 1 (Immunization): "occurrenceDateTime" or "occurrenceString" is missing.',
    ],
  ])('error: %s', (_, value, expected) => {
    expect(words(value)[0]).toContain(expected);
  });

  test('error: a full URL that is none, or stands there twice', () => {
    const one = { fullUrl: 'urn:uuid:1', resource: { resourceType: 'Basic' } };
    const entry = [one, one, { ...one, fullUrl: 'Basic/1' }];
    expect(words({ ...bundle(), entry })).toEqual([
      'Entry 2 (Basic): "fullUrl" stands in another entry too. It should be there once.',
      'Entry 3 (Basic): "fullUrl" is no full URL. It should be such as urn:uuid:… or https://….',
    ]);
  });

  test('error: too deep, too long, and never more than twenty', () => {
    let deep: unknown = {};
    for (let at = 0; at < 100; at++) deep = { deep };
    expect(words(bundle({ resourceType: 'Basic', deep }))).toEqual([
      'Entry 1 (Basic): "resource" is nested too deep. It should be at most 64 deep.',
    ]);
    expect(words({ ...bundle(), entry: Array(100_001).fill({}) })).toHaveLength(1);
    expect(words(bundle(...Array(50).fill({})))).toHaveLength(20);
  });

  test('behavior: no value out of the file is in the words', () => {
    const secret = 'F32.9 of Jane';
    const [first] = words(bundle({ resourceType: 'Observation', status: secret, code: secret }));
    expect(first).not.toContain('Jane');
  });
});
