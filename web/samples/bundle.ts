import type {
  AllergyIntolerance,
  Bundle,
  Condition,
  DiagnosticReport,
  DocumentReference,
  Encounter,
  Immunization,
  MedicationRequest,
  Observation,
  Patient,
  Procedure,
  Resource,
} from '@medplum/fhirtypes';

/**
 * A made-up patient's chart, about 50 resources. The same seed gives the same bytes, so tests
 * and demonstrations can name what stands in it. Nobody real is described.
 */
export function sampleBundle(seed: number): Bundle {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly [T, ...T[]]): T => list[Math.floor(random() * list.length)] ?? list[0];
  const person = {
    given: pick(['Amina', 'Bruno', 'Chiara', 'Davor', 'Elif', 'Farid', 'Greta', 'Hugo']),
    family: pick(['Lindqvist', 'Moreau', 'Novak', 'Okafor', 'Petrov', 'Quispe', 'Rossi', 'Tanaka']),
    gender: pick(['female', 'male'] as const),
    birthDate: `${1948 + Math.floor(random() * 50)}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`,
  };
  const id = (kind: string, at: number) => `${kind}-${seed}-${at}`;
  const subject = { reference: `Patient/${id('patient', 0)}` };

  const patient: Patient = {
    resourceType: 'Patient',
    id: id('patient', 0),
    name: [{ use: 'official', given: [person.given], family: person.family }],
    gender: person.gender,
    birthDate: person.birthDate,
    address: [{ line: ['12 Harbour Street'], city: 'Northport', postalCode: '40210' }],
  };
  const allergies = ALLERGIES.slice(0, 1 + Math.floor(random() * 2)).map(
    ([code, name, reaction], at): AllergyIntolerance => ({
      resourceType: 'AllergyIntolerance',
      id: id('allergy', at),
      clinicalStatus: coded(
        'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',
        'active',
        'Active',
      ),
      criticality: at === 0 ? 'high' : 'low',
      code: coded(SNOMED, code, name),
      patient: subject,
      recordedDate: '2019-03-14',
      reaction: [{ manifestation: [{ text: reaction }] }],
    }),
  );
  const conditions = CONDITIONS.map(
    ([code, name, onset], at): Condition => ({
      resourceType: 'Condition',
      id: id('condition', at),
      clinicalStatus: coded(
        'http://terminology.hl7.org/CodeSystem/condition-clinical',
        at < 2 ? 'active' : 'resolved',
        at < 2 ? 'Active' : 'Resolved',
      ),
      code: coded(SNOMED, code, name),
      subject,
      onsetDateTime: onset,
      ...(at < 2 ? {} : { abatementDateTime: '2021-11-20' }),
    }),
  );
  const medications = MEDICATIONS.map(
    ([code, name, text], at): MedicationRequest => ({
      resourceType: 'MedicationRequest',
      id: id('medication', at),
      status: at === 2 ? 'completed' : 'active',
      intent: 'order',
      medicationCodeableConcept: coded('http://www.nlm.nih.gov/research/umls/rxnorm', code, name),
      subject,
      authoredOn: VISITS[at % VISITS.length] ?? '2025-01-15',
      dosageInstruction: [{ text }],
    }),
  );
  const encounters = VISITS.map(
    (date, at): Encounter => ({
      resourceType: 'Encounter',
      id: id('encounter', at),
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      type: [coded(SNOMED, '185349003', at % 2 === 0 ? 'Check-up' : 'Consultation')],
      subject,
      period: { start: `${date}T09:00:00Z`, end: `${date}T09:30:00Z` },
      serviceProvider: { display: 'Northport Health Centre' },
    }),
  );
  const labs = LABS.flatMap((lab, row) =>
    VISITS.map((date, at) => labResult(lab, id('lab', row * VISITS.length + at), date, random(), subject)),
  );
  const vitals = VISITS.flatMap((date, at) => vitalSigns(id, at, date, random, subject));
  const immunizations = VACCINES.map(
    ([code, name, date], at): Immunization => ({
      resourceType: 'Immunization',
      id: id('immunization', at),
      status: 'completed',
      vaccineCode: coded('http://hl7.org/fhir/sid/cvx', code, name),
      patient: subject,
      occurrenceDateTime: date,
    }),
  );
  const procedure: Procedure = {
    resourceType: 'Procedure',
    id: id('procedure', 0),
    status: 'completed',
    code: coded(SNOMED, '29303009', 'Electrocardiogram'),
    subject,
    performedDateTime: '2025-05-06',
  };
  const report: DiagnosticReport = {
    resourceType: 'DiagnosticReport',
    id: id('report', 0),
    status: 'final',
    code: coded('http://loinc.org', '24323-8', 'Comprehensive metabolic panel'),
    subject,
    effectiveDateTime: VISITS.at(-1) ?? '2025-05-06',
    conclusion: 'Long-term blood sugar above target; kidney function normal.',
    result: labs.slice(-6).map((o) => ({ reference: `Observation/${o.id}` })),
  };
  const document: DocumentReference = {
    resourceType: 'DocumentReference',
    id: id('document', 0),
    status: 'current',
    type: coded('http://loinc.org', '34133-9', 'Summary of episode note'),
    description: 'Letter to the family doctor',
    subject,
    date: '2025-05-07T08:00:00Z',
    content: [{ attachment: { contentType: 'application/pdf', title: 'Letter' } }],
  };

  const resources: Resource[] = [
    patient,
    ...allergies,
    ...conditions,
    ...medications,
    ...encounters,
    ...labs,
    ...vitals,
    ...immunizations,
    procedure,
    report,
    document,
  ];
  return {
    resourceType: 'Bundle',
    id: `sample-${seed}`,
    type: 'collection',
    timestamp: '2025-05-07T08:00:00Z',
    entry: resources.map((resource) => ({ fullUrl: `urn:sample:${resource.id}`, resource })),
  };
}

const SNOMED = 'http://snomed.info/sct';
const VISITS = ['2023-02-14', '2024-01-22', '2024-09-03', '2025-05-06'];

const ALLERGIES = [
  ['91936005', 'Penicillin', 'Rash and swelling'],
  ['91935009', 'Peanut', 'Itching'],
] as const;

const CONDITIONS = [
  ['44054006', 'Type 2 diabetes', '2018-06-01'],
  ['38341003', 'High blood pressure', '2020-09-12'],
  ['10509002', 'Acute bronchitis', '2021-11-02'],
] as const;

const MEDICATIONS = [
  ['860975', 'Metformin 500 mg tablet', '1 tablet twice a day with meals'],
  ['314076', 'Lisinopril 10 mg tablet', '1 tablet in the morning'],
  ['308182', 'Amoxicillin 250 mg capsule', '1 capsule three times a day for 7 days'],
] as const;

const VACCINES = [
  ['140', 'Influenza, seasonal', '2024-10-11'],
  ['115', 'Tetanus, diphtheria, pertussis (Tdap)', '2019-04-02'],
  ['187', 'Zoster, recombinant', '2023-03-20'],
] as const;

type Lab = {
  readonly code: string;
  readonly name: string;
  readonly unit: string;
  readonly low?: number;
  readonly high: number;
  /** Middle of what is made up, and how far it strays. */
  readonly around: number;
  readonly spread: number;
};

const LABS: readonly Lab[] = [
  { code: '4548-4', name: 'Hemoglobin A1c', unit: '%', low: 4, high: 5.6, around: 7.1, spread: 0.9 },
  { code: '2345-7', name: 'Glucose', unit: 'mmol/L', low: 3.9, high: 5.6, around: 6.4, spread: 1.6 },
  { code: '2160-0', name: 'Creatinine', unit: 'µmol/L', low: 59, high: 104, around: 80, spread: 14 },
  { code: '2089-1', name: 'LDL cholesterol', unit: 'mmol/L', high: 3, around: 2.8, spread: 0.8 },
  { code: '718-7', name: 'Hemoglobin', unit: 'g/dL', low: 12, high: 17.5, around: 14, spread: 1.2 },
];

type Subject = { readonly reference: string };

function labResult(lab: Lab, id: string, date: string, chance: number, subject: Subject): Observation {
  const value = Math.round((lab.around + (chance - 0.5) * 2 * lab.spread) * 10) / 10;
  const low = lab.low === undefined ? {} : { low: { value: lab.low, unit: lab.unit } };
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [
      coded('http://terminology.hl7.org/CodeSystem/observation-category', 'laboratory', 'Laboratory'),
    ],
    code: coded('http://loinc.org', lab.code, lab.name),
    subject,
    effectiveDateTime: date,
    valueQuantity: { value, unit: lab.unit },
    referenceRange: [{ ...low, high: { value: lab.high, unit: lab.unit } }],
  };
}

function vitalSigns(
  id: (kind: string, at: number) => string,
  at: number,
  date: string,
  random: () => number,
  subject: Subject,
): Observation[] {
  const common = {
    resourceType: 'Observation' as const,
    status: 'final' as const,
    category: [
      coded('http://terminology.hl7.org/CodeSystem/observation-category', 'vital-signs', 'Vital signs'),
    ],
    subject,
    effectiveDateTime: date,
  };
  const whole = (from: number, to: number) => Math.round(from + random() * (to - from));
  return [
    {
      ...common,
      id: id('pressure', at),
      code: coded('http://loinc.org', '85354-9', 'Blood pressure'),
      component: [
        {
          code: coded('http://loinc.org', '8480-6', 'Systolic'),
          valueQuantity: { value: whole(122, 144), unit: 'mmHg' },
        },
        {
          code: coded('http://loinc.org', '8462-4', 'Diastolic'),
          valueQuantity: { value: whole(74, 92), unit: 'mmHg' },
        },
      ],
    },
    {
      ...common,
      id: id('weight', at),
      code: coded('http://loinc.org', '29463-7', 'Body weight'),
      valueQuantity: { value: whole(700, 860) / 10, unit: 'kg' },
    },
    {
      ...common,
      id: id('pulse', at),
      code: coded('http://loinc.org', '8867-4', 'Heart rate'),
      valueQuantity: { value: whole(58, 88), unit: '/min' },
    },
  ];
}

function coded(system: string, code: string, display: string) {
  return { coding: [{ system, code, display }], text: display };
}

/** mulberry32: small, and the same on every machine. For samples, never for keys. */
function randomFrom(seed: number): () => number {
  let state = (seed * 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
