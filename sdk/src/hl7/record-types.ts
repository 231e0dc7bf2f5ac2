/**
 * What a record out of a chart is about: LOINC's codes for the sections of a clinical document
 * (the value set of C-CDA, https://loinc.org/codes/), and the FHIR type that its metadata names.
 */
const LOINC = 'http://loinc.org';

export const RECORD_TYPES = [
  { kind: 'visit', system: LOINC, code: '46240-8', display: 'Visit', fhirType: 'Encounter' },
  {
    kind: 'laboratory',
    system: LOINC,
    code: '30954-2',
    display: 'Lab results',
    fhirType: 'DiagnosticReport',
  },
  { kind: 'vital-signs', system: LOINC, code: '8716-3', display: 'Measurements', fhirType: 'Observation' },
  { kind: 'imaging', system: LOINC, code: '18748-4', display: 'Imaging', fhirType: 'ImagingStudy' },
  {
    kind: 'medication',
    system: LOINC,
    code: '10160-0',
    display: 'Medications',
    fhirType: 'MedicationRequest',
  },
  {
    kind: 'immunization',
    system: LOINC,
    code: '11369-6',
    display: 'Immunisations',
    fhirType: 'Immunization',
  },
  { kind: 'allergy', system: LOINC, code: '48765-2', display: 'Allergies', fhirType: 'AllergyIntolerance' },
  { kind: 'problem', system: LOINC, code: '11450-4', display: 'Problems', fhirType: 'Condition' },
  { kind: 'procedure', system: LOINC, code: '47519-4', display: 'Procedures', fhirType: 'Procedure' },
  { kind: 'document', system: LOINC, code: '55107-7', display: 'Document', fhirType: 'DocumentReference' },
  { kind: 'bill', system: LOINC, code: '48768-6', display: 'Bills', fhirType: 'ExplanationOfBenefit' },
  { kind: 'other', system: LOINC, code: '34133-9', display: 'Other details', fhirType: 'Bundle' },
] as const;

export type RecordType = (typeof RECORD_TYPES)[number];
export type RecordKind = RecordType['kind'];

/** Where a record might lie. Which number that is, and its name, is the patient's own. */
export type CompartmentSuggestion =
  | 'general'
  | 'medication'
  | 'laboratory'
  | 'imaging'
  | 'insurance'
  | 'mental-health';

export function recordTypeOf(kind: RecordKind): RecordType {
  return RECORD_TYPES.find((type) => type.kind === kind) ?? OTHER;
}

/** What a record is about by the FHIR type in its metadata; undefined for a type that is none of them. */
export function recordTypeOfFhir(fhirType: string): RecordType | undefined {
  return RECORD_TYPES.find((type) => type.fhirType === fhirType && type !== OTHER);
}

const OTHER = RECORD_TYPES[11];
