import { type FhirResource, isObject } from './bundle.ts';
import type { RecordKind } from './record-types.ts';

/** Who and where: copied to every record that names them, as none of it says what somebody has. */
const CONTEXT = new Set([
  'HealthcareService',
  'Location',
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
]);

const KIND_OF: Readonly<Record<string, RecordKind>> = {
  Account: 'bill',
  AllergyIntolerance: 'allergy',
  ChargeItem: 'bill',
  Claim: 'bill',
  ClaimResponse: 'bill',
  Composition: 'document',
  Coverage: 'bill',
  DocumentReference: 'document',
  ExplanationOfBenefit: 'bill',
  ImagingStudy: 'imaging',
  Immunization: 'immunization',
  ImmunizationRecommendation: 'immunization',
  Invoice: 'bill',
  Media: 'imaging',
  Medication: 'medication',
  MedicationAdministration: 'medication',
  MedicationDispense: 'medication',
  MedicationRequest: 'medication',
  MedicationStatement: 'medication',
  Specimen: 'laboratory',
};

/** What lies with others of its kind when no visit claims it. */
const ALONE: Readonly<Record<string, RecordKind>> = {
  Condition: 'problem',
  Encounter: 'visit',
  Observation: 'vital-signs',
  Procedure: 'procedure',
};

/** HL7 v2-0074 sections of a laboratory, and FHIR's observation category. */
const LABORATORY = /^(laboratory|LAB|HM|CH|MB|BLB|SR|TX|VR|SP|CP|GE)$/;
const IMAGING = /^(imaging|RAD|RX|CT|NMR|NMS|CUS|VUS|OUS|XRC)$/;

/**
 * Sensitivity labels of HL7 v3-ActCode about mental health and addiction, ICD-10's chapter F, and
 * what questionnaires and the commonest diagnoses are coded with. It finds what is plainly marked
 * and no more: it sorts for a first look, which the patient changes.
 */
const SENSITIVE: readonly (readonly [system: RegExp, codes: RegExp])[] = [
  [/v3-ActCode$/, /^(PSY|PSYTHPN|MH|SUD|ETH|OPIOIDUD|ETHUD)$/],
  [/icd-10/, /^F\d/],
  [/loinc\.org$/, /^(44261-6|44249-1|55758-7|70274-6|69737-5|75626-2|72109-2|82666-9|82667-7)$/],
  [
    /snomed\.info\/sct$/,
    /^(370143000|35489007|36923009|197480006|21897009|47505003|58214004|13746004|192127007|231504006|7200002|5602001|66590003|6525002|171207006|715252007)$/,
  ],
];

export function isContext({ resourceType }: FhirResource): boolean {
  return CONTEXT.has(resourceType);
}

/** What a resource is about by itself; undefined where its visit decides. */
export function kindOfResource(resource: FhirResource): RecordKind | undefined {
  const known = KIND_OF[resource.resourceType];
  if (known) return known;
  if (resource.resourceType !== 'Observation' && resource.resourceType !== 'DiagnosticReport')
    return undefined;
  const codes = codingsIn(resource['category']).map(({ code }) => code);
  if (codes.some((code) => LABORATORY.test(code))) return 'laboratory';
  return codes.some((code) => IMAGING.test(code)) ? 'imaging' : undefined;
}

/** Where a resource goes that belongs to no visit. */
export function kindAlone({ resourceType }: FhirResource): RecordKind {
  if (resourceType === 'DiagnosticReport') return 'laboratory';
  return ALONE[resourceType] ?? 'other';
}

/** Whether a resource is coded or labelled as mental health. Texts are not searched. */
export function isCodedSensitive(resource: FhirResource): boolean {
  return codingsIn(resource).some(({ system, code }) =>
    SENSITIVE.some(([systems, codes]) => systems.test(system) && codes.test(code)),
  );
}

type Coding = { readonly system: string; readonly code: string };

/** Every coding at any depth. */
function codingsIn(value: unknown): Coding[] {
  if (Array.isArray(value)) return value.flatMap(codingsIn);
  if (!isObject(value)) return [];
  const { code, system } = value;
  const own = typeof code === 'string' ? [{ code, system: typeof system === 'string' ? system : '' }] : [];
  return [...own, ...Object.values(value).flatMap(codingsIn)];
}

const DATE_FIELDS = [
  'effectiveDateTime',
  'effectiveInstant',
  'occurrenceDateTime',
  'performedDateTime',
  'onsetDateTime',
  'authoredOn',
  'started',
  'date',
  'recordedDate',
  'created',
  'issued',
] as const;
const PERIOD_FIELDS = [
  'period',
  'effectivePeriod',
  'performedPeriod',
  'onsetPeriod',
  'billablePeriod',
] as const;

/** The day of a resource, `YYYY-MM-DD`; the first of the month or year where no more is said. */
export function dayOfResource(resource: FhirResource): string | undefined {
  const starts = PERIOD_FIELDS.map((field) => {
    const period = resource[field];
    return isObject(period) ? period['start'] : undefined;
  });
  for (const value of [...DATE_FIELDS.map((field) => resource[field]), ...starts]) {
    const day = dayOf(value);
    if (day !== undefined) return day;
  }
  return undefined;
}

function dayOf(value: unknown): string | undefined {
  const match = typeof value === 'string' && /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T|$)/.exec(value);
  if (!match) return undefined;
  const day = `${match[1]}-${match[2] ?? '01'}-${match[3] ?? '01'}`;
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day) ? day : undefined;
}

/** What a resource calls itself: the text of a concept, else its first display. */
export function nameOfConcept(value: unknown): string | undefined {
  const concept: unknown = Array.isArray(value) ? value[0] : value;
  if (!isObject(concept)) return undefined;
  const coding: unknown = Array.isArray(concept['coding']) ? concept['coding'][0] : undefined;
  const display = isObject(coding) ? coding['display'] : undefined;
  const words = [concept['text'], display].find((one) => typeof one === 'string' && one.trim() !== '');
  // SNOMED's names end in what kind of concept it is.
  return typeof words === 'string'
    ? words.replace(/ \((procedure|finding|disorder|situation)\)$/, '').trim()
    : undefined;
}
