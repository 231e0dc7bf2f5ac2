import type {
  AllergyIntolerance,
  Bundle,
  CarePlan,
  Claim,
  Condition,
  DiagnosticReport,
  DocumentReference,
  Encounter,
  ExplanationOfBenefit,
  Goal,
  ImagingStudy,
  Immunization,
  MedicationRequest,
  MedicationStatement,
  Observation,
  Patient,
  Procedure,
  Resource,
} from '@medplum/fhirtypes';
import { categoryOf, conceptText, dateOf } from './words.ts';

/** A FHIR document, sorted for reading. Newest first everywhere. */
export type Chart = {
  readonly patient: Patient | undefined;
  readonly allergies: readonly AllergyIntolerance[];
  readonly conditions: readonly Condition[];
  readonly medications: readonly (MedicationRequest | MedicationStatement)[];
  readonly labs: readonly Series[];
  readonly vitals: readonly Series[];
  readonly findings: readonly Series[];
  readonly immunizations: readonly Immunization[];
  readonly procedures: readonly Procedure[];
  readonly encounters: readonly Encounter[];
  readonly reports: readonly DiagnosticReport[];
  readonly documents: readonly DocumentReference[];
  readonly carePlans: readonly CarePlan[];
  readonly goals: readonly Goal[];
  readonly imaging: readonly ImagingStudy[];
  readonly bills: readonly (Claim | ExplanationOfBenefit)[];
  /** Resources with no view of their own, by type. */
  readonly others: readonly { readonly type: string; readonly resources: readonly Resource[] }[];
  readonly total: number;
};

/** One kind of measurement over time. */
export type Series = {
  readonly key: string;
  readonly name: string;
  readonly latest: Observation;
  /** Newest first, `latest` included. */
  readonly all: readonly Observation[];
};

/** Types that belong to plumbing: counted, never in the way. */
const BACKGROUND = new Set(['Provenance', 'Organization', 'Practitioner', 'Location']);

/** The FHIR resource in a text; undefined if it is none. */
export function parseFhir(text: string): Resource | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isResource(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function readChart(root: Resource, unnamed: string): Chart {
  const resources = flatten(root);
  const of = <T extends Resource['resourceType']>(...types: T[]) =>
    resources
      .filter((r): r is Extract<Resource, { resourceType: T }> =>
        (types as string[]).includes(r.resourceType),
      )
      .map((r, at) => ({ r, at, date: dateOf(r) ?? '' }))
      .sort((a, b) => b.date.localeCompare(a.date) || a.at - b.at)
      .map(({ r }) => r);
  const observations = of('Observation');
  const kind = (o: Observation) => categoryOf(o);
  return {
    patient: of('Patient')[0],
    allergies: of('AllergyIntolerance'),
    conditions: of('Condition'),
    medications: of('MedicationRequest', 'MedicationStatement'),
    labs: seriesOf(
      observations.filter((o) => kind(o) === 'laboratory'),
      unnamed,
    ),
    vitals: seriesOf(
      observations.filter((o) => kind(o) === 'vital-signs'),
      unnamed,
    ),
    findings: seriesOf(
      observations.filter((o) => kind(o) === 'other'),
      unnamed,
    ),
    immunizations: of('Immunization'),
    procedures: of('Procedure'),
    encounters: of('Encounter'),
    reports: of('DiagnosticReport'),
    documents: of('DocumentReference'),
    carePlans: of('CarePlan'),
    goals: of('Goal'),
    imaging: of('ImagingStudy'),
    bills: of('Claim', 'ExplanationOfBenefit'),
    others: othersOf(resources),
    total: resources.length,
  };
}

const SHOWN = new Set([
  'Patient',
  'AllergyIntolerance',
  'Condition',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Immunization',
  'Procedure',
  'Encounter',
  'DiagnosticReport',
  'DocumentReference',
  'CarePlan',
  'Goal',
  'ImagingStudy',
  'Claim',
  'ExplanationOfBenefit',
]);

function othersOf(resources: readonly Resource[]): Chart['others'] {
  const byType = new Map<string, Resource[]>();
  for (const r of resources) {
    if (SHOWN.has(r.resourceType)) continue;
    byType.set(r.resourceType, [...(byType.get(r.resourceType) ?? []), r]);
  }
  return [...byType]
    .map(([type, list]) => ({ type, resources: list }))
    .sort(
      (a, b) =>
        Number(BACKGROUND.has(a.type)) - Number(BACKGROUND.has(b.type)) || a.type.localeCompare(b.type),
    );
}

function seriesOf(observations: readonly Observation[], unnamed: string): readonly Series[] {
  const groups = new Map<string, Observation[]>();
  for (const o of observations) {
    const key = o.code?.coding?.[0]?.code ?? conceptText(o.code) ?? '';
    const group = groups.get(key);
    if (group) group.push(o);
    else groups.set(key, [o]);
  }
  return [...groups].flatMap(([key, all]) => {
    const latest = all[0];
    return latest ? [{ key, name: conceptText(latest.code) ?? unnamed, latest, all }] : [];
  });
}

function flatten(root: Resource): readonly Resource[] {
  if (root.resourceType !== 'Bundle') return [root, ...containedIn(root)];
  const entries: unknown = (root as Bundle).entry;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    const resource = isObject(entry) ? entry['resource'] : undefined;
    if (!isResource(resource)) return [];
    return resource.resourceType === 'Bundle' ? flatten(resource) : [resource];
  });
}

function containedIn(root: Resource): readonly Resource[] {
  const contained: unknown = 'contained' in root ? root.contained : undefined;
  return Array.isArray(contained) ? contained.filter(isResource) : [];
}

function isResource(value: unknown): value is Resource {
  return isObject(value) && typeof value['resourceType'] === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
