/**
 * What R4 demands of the resources that people's charts are made of: fields with a minimum of
 * one, and their required codes. Source: the "Structure" of each page under https://hl7.org/fhir/R4/.
 */
export type FieldRule = {
  /** One of them must be there: `value[x]` has several names. */
  readonly fields: readonly string[];
  readonly expected: string;
  /** Of a required binding. */
  readonly codes?: readonly string[];
};

/** Those that hold resources as they stand. A history or a response is no chart. */
export const BUNDLE_TYPES: readonly string[] = [
  'collection',
  'document',
  'transaction',
  'batch',
  'searchset',
];

/** Far above a life's chart; a bound on what a page works through. */
export const MAX_ENTRIES = 100_000;
export const MAX_DEPTH = 64;

const EVENT_STATUS = [
  'preparation',
  'in-progress',
  'not-done',
  'on-hold',
  'stopped',
  'completed',
  'entered-in-error',
  'unknown',
];
const REPORT_STATUS = [
  'registered',
  'partial',
  'preliminary',
  'final',
  'amended',
  'corrected',
  'appended',
  'cancelled',
  'entered-in-error',
  'unknown',
];
const OBSERVATION_STATUS = REPORT_STATUS.filter((code) => code !== 'partial' && code !== 'appended');
const ENCOUNTER_STATUS = [
  'planned',
  'arrived',
  'triaged',
  'in-progress',
  'onleave',
  'finished',
  'cancelled',
  'entered-in-error',
  'unknown',
];
const MEDICATION_STATUS = [
  'active',
  'on-hold',
  'cancelled',
  'completed',
  'entered-in-error',
  'stopped',
  'draft',
  'unknown',
];
const INTENT = [
  'proposal',
  'plan',
  'order',
  'original-order',
  'reflex-order',
  'filler-order',
  'instance-order',
  'option',
];

const coded = (field: string, codes: readonly string[]): FieldRule => ({
  fields: [field],
  expected: `one of ${codes.join(', ')}`,
  codes,
});
const concept = (field: string): FieldRule => ({ fields: [field], expected: 'a code or a text' });
const toPatient = (field: string): FieldRule => ({ fields: [field], expected: 'a reference to the patient' });

export const REQUIRED_FIELDS: Readonly<Record<string, readonly FieldRule[]>> = {
  AllergyIntolerance: [toPatient('patient')],
  Condition: [toPatient('subject')],
  DiagnosticReport: [coded('status', REPORT_STATUS), concept('code')],
  DocumentReference: [
    coded('status', ['current', 'superseded', 'entered-in-error']),
    { fields: ['content'], expected: 'a list with the attachment' },
  ],
  Encounter: [coded('status', ENCOUNTER_STATUS), { fields: ['class'], expected: 'a code' }],
  Immunization: [
    coded('status', ['completed', 'entered-in-error', 'not-done']),
    concept('vaccineCode'),
    toPatient('patient'),
    { fields: ['occurrenceDateTime', 'occurrenceString'], expected: 'a date or a text' },
  ],
  MedicationRequest: [
    coded('status', MEDICATION_STATUS),
    coded('intent', INTENT),
    { fields: ['medicationCodeableConcept', 'medicationReference'], expected: 'a code or a reference' },
    toPatient('subject'),
  ],
  Observation: [coded('status', OBSERVATION_STATUS), concept('code')],
  Procedure: [coded('status', EVENT_STATUS), toPatient('subject')],
};
