import { ChartkeyError } from '../errors.ts';
import { BUNDLE_TYPES, type FieldRule, MAX_DEPTH, MAX_ENTRIES, REQUIRED_FIELDS } from './bundle-rules.ts';

/** A FHIR R4 resource, as far as it must be known to sort it: https://hl7.org/fhir/R4/resource.html */
export type FhirResource = {
  readonly resourceType: string;
  readonly id?: string;
  readonly [field: string]: unknown;
};

export type BundleEntry = { readonly fullUrl?: string; readonly resource: FhirResource };

/** A bundle that was checked: every entry holds a resource, and each has a name of its own. */
export type FhirBundle = {
  readonly resourceType: 'Bundle';
  readonly type: string;
  readonly entry: readonly BundleEntry[];
  readonly [field: string]: unknown;
};

/** What is wrong, where, and what would be right. Holds no value out of the file. */
export type BundleProblem = {
  /** From 1, as people count; undefined for the bundle itself. */
  readonly entry?: number;
  readonly resourceType?: string;
  readonly field: string;
  readonly problem: string;
  readonly expected: string;
};

type Json = Readonly<Record<string, unknown>>;

/** More are of no use to whoever has to mend the file. */
const MAX_PROBLEMS = 20;

/**
 * A FHIR R4 Bundle whose resources can be told apart.
 *
 * @throws ChartkeyError `INPUT_INVALID`: the first of {@link bundleProblems}
 */
export function parseBundle(value: unknown): FhirBundle {
  const [first] = bundleProblems(value);
  if (first) throw new ChartkeyError('INPUT_INVALID', describeProblem(first));
  return value as FhirBundle;
}

/** `Entry 12 (Observation): "status" is missing. It should be one of registered, …` */
export function describeProblem({ entry, resourceType, field, problem, expected }: BundleProblem): string {
  const where =
    entry === undefined ? 'The file' : `Entry ${entry}${resourceType ? ` (${resourceType})` : ''}`;
  return `${where}: "${field}" ${problem}. It should be ${expected}.`;
}

/**
 * Everything that keeps a value from being such a Bundle, at most 20 of it. Empty if it is one.
 * Checked is what sorting, showing and handing on rely on; the whole of R4's rules is for validators.
 */
export function bundleProblems(value: unknown): readonly BundleProblem[] {
  if (!isObject(value)) return [{ field: 'resourceType', problem: 'is missing', expected: '"Bundle"' }];
  const problems: BundleProblem[] = [];
  for (const problem of problemsOf(value)) {
    problems.push(problem);
    if (problems.length === MAX_PROBLEMS) break;
  }
  return problems;
}

function* problemsOf(bundle: Json): Generator<BundleProblem> {
  if (bundle['resourceType'] !== 'Bundle') {
    yield { field: 'resourceType', problem: `is ${kind(bundle['resourceType'])}`, expected: '"Bundle"' };
    return;
  }
  if (!BUNDLE_TYPES.includes(String(bundle['type']))) {
    yield { field: 'type', problem: 'is not one with resources in it', expected: oneOf(BUNDLE_TYPES) };
  }
  const { entry } = bundle;
  if (!Array.isArray(entry) || entry.length === 0) {
    yield { field: 'entry', problem: 'is missing or empty', expected: 'a list of resources' };
    return;
  }
  if (entry.length > MAX_ENTRIES) {
    yield { field: 'entry', problem: 'is too long', expected: `at most ${MAX_ENTRIES} entries` };
    return;
  }
  const names = new Set<string>();
  for (const [at, one] of entry.entries()) yield* entryProblems(one, at + 1, names);
}

function* entryProblems(one: unknown, entry: number, names: Set<string>): Generator<BundleProblem> {
  const resource: unknown = isObject(one) ? one['resource'] : undefined;
  if (!isObject(one) || !isObject(resource)) {
    yield { entry, field: 'resource', problem: 'is missing', expected: 'a FHIR resource' };
    return;
  }
  const { resourceType, id } = resource;
  if (typeof resourceType !== 'string' || !/^[A-Z][A-Za-z]{0,63}$/.test(resourceType)) {
    const expected = 'the name of a FHIR resource';
    yield { entry, field: 'resource.resourceType', problem: `is ${kind(resourceType)}`, expected };
    return;
  }
  const at = { entry, resourceType };
  if (id !== undefined && (typeof id !== 'string' || !/^[A-Za-z0-9\-.]{1,64}$/.test(id))) {
    yield { ...at, field: 'id', problem: 'is no FHIR id', expected: '1 to 64 letters, digits, "-" and "."' };
  }
  yield* nameProblems(one, at, names);
  for (const rule of REQUIRED_FIELDS[resourceType] ?? []) yield* fieldProblems(resource, rule, at);
  yield* referenceProblems(resource, at, 0);
}

type At = { readonly entry: number; readonly resourceType: string };

/** R4, invariant bdl-7: a full URL stands once in a bundle. */
function* nameProblems({ fullUrl }: Json, at: At, names: Set<string>): Generator<BundleProblem> {
  if (fullUrl === undefined) return;
  if (typeof fullUrl !== 'string' || !/^[a-z][a-z0-9+.-]*:\S+$/i.test(fullUrl)) {
    yield { ...at, field: 'fullUrl', problem: 'is no full URL', expected: 'such as urn:uuid:… or https://…' };
  } else if (names.has(fullUrl)) {
    yield { ...at, field: 'fullUrl', problem: 'stands in another entry too', expected: 'there once' };
  } else {
    names.add(fullUrl);
  }
}

function* fieldProblems(resource: Json, rule: FieldRule, at: At): Generator<BundleProblem> {
  const found = rule.fields.filter((field) => resource[field] !== undefined);
  const field = rule.fields.join('" or "');
  if (found.length === 0) yield { ...at, field, problem: 'is missing', expected: rule.expected };
  const { codes } = rule;
  for (const name of codes ? found : []) {
    if (codes?.includes(String(resource[name]))) continue;
    yield { ...at, field: name, problem: 'has a code that R4 does not know', expected: oneOf(codes ?? []) };
  }
}

function* referenceProblems(value: unknown, at: At, depth: number): Generator<BundleProblem> {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) {
    yield { ...at, field: 'resource', problem: 'is nested too deep', expected: `at most ${MAX_DEPTH} deep` };
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    const isText = name !== 'reference' || typeof inner === 'string' || isObject(inner);
    if (isText) yield* referenceProblems(inner, at, depth + 1);
    else yield { ...at, field: 'reference', problem: `is ${kind(inner)}`, expected: 'text' };
  }
}

function oneOf(words: readonly string[]): string {
  return `one of ${words.join(', ')}`;
}

/** Says what a value is, and never the value. */
function kind(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'something else' : `of type ${typeof value}`;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
