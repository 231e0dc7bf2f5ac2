import { fitTitle } from '../envelope/index.ts';
import { type BundleEntry, type FhirBundle, type FhirResource, parseBundle } from './bundle.ts';
import {
  type CompartmentSuggestion,
  type RecordKind,
  type RecordType,
  recordTypeOf,
} from './record-types.ts';
import { type Graph, graphOf, type Node } from './resource-graph.ts';
import { dayOfResource, isContext, kindAlone, kindOfResource, nameOfConcept } from './sort-resource.ts';

/** One record out of a bundle, as a patient would file it. */
export type BundlePart = {
  /** At most 255 bytes. */
  readonly title: string;
  readonly type: RecordType;
  /** `YYYY-MM-DD`; undefined if nothing in it has a date. */
  readonly day: string | undefined;
  readonly suggestion: CompartmentSuggestion;
  /** How many resources it holds, without those that say who and where. */
  readonly resources: number;
  /** A FHIR R4 Bundle of type `collection`; a FHIR document stays the document it is. */
  readonly contents: FhirBundle;
};

/**
 * A FHIR R4 bundle as records: one for each visit, the laboratory's and the imaging results of a
 * visit apart from it, one list each of medications, immunisations, allergies and bills, each
 * document alone. What is coded as mental health, and what refers to it, lies apart from the rest.
 *
 * Every resource stands in exactly one part, unchanged; patients, practitioners, organisations and
 * places are copied to every part that refers to them. A reference into another part stays as it is
 * and finds its resource when both are read: a copy would carry it into another compartment.
 * The oldest comes first. The same bundle gives the same parts.
 *
 * @throws ChartkeyError `INPUT_INVALID`, as `parseBundle`
 */
export function splitBundle(value: unknown): readonly BundlePart[] {
  const bundle = parseBundle(value);
  // A document is attested as a whole: https://hl7.org/fhir/R4/documents.html
  if (bundle.type === 'document') return [documentPart(bundle)];
  const graph = graphOf(bundle.entry);
  const groups = new Map<string, Group>();
  for (const node of graph.nodes) {
    if (isContext(node.resource)) continue;
    const group = groupOf(node, graph);
    const key = [group.kind, group.sensitive, group.anchor].join(' ');
    const there = groups.get(key);
    if (there) there.nodes.push(node);
    else groups.set(key, { ...group, nodes: [node] });
  }
  const parts = [...groups.values()].map((group) => partOf(group, graph));
  const left = leftContext(graph, [...groups.values()]);
  if (left.length > 0) parts.push(contextPart(left, graph));
  return parts
    .map((part, at) => ({ part, at }))
    .sort((a, b) => (a.part.day ?? '').localeCompare(b.part.day ?? '') || a.at - b.at)
    .map(({ part }) => part);
}

/** How many parts of each kind there are, in the order of their kinds. */
export function countParts(
  parts: readonly BundlePart[],
): readonly { readonly type: RecordType; readonly parts: number; readonly resources: number }[] {
  return [...Map.groupBy(parts, ({ type }) => type)].map(([type, of]) => ({
    type,
    parts: of.length,
    resources: of.reduce((sum, { resources }) => sum + resources, 0),
  }));
}

type Place = { readonly kind: RecordKind; readonly sensitive: boolean; readonly anchor: string };
type Group = Place & { readonly nodes: Node[] };

/** Kinds of which a chart has one list. */
const LISTS = new Set<RecordKind>([
  'medication',
  'immunization',
  'allergy',
  'bill',
  'problem',
  'procedure',
  'other',
]);

function groupOf(node: Node, graph: Graph): Place {
  const sensitive = graph.isSensitive(node);
  const encounter = graph.encounterOf(node);
  const own = kindOfResource(node.resource);
  const kind = own ?? (encounter ? 'visit' : kindAlone(node.resource));
  if (LISTS.has(kind)) return { kind, sensitive, anchor: '' };
  if (kind === 'document') return { kind, sensitive, anchor: `entry ${node.at}` };
  if (encounter) return { kind, sensitive, anchor: `visit ${encounter.at}` };
  return { kind, sensitive, anchor: `day ${dayOfResource(node.resource) ?? ''}` };
}

const SUGGESTIONS: Partial<Record<RecordKind, CompartmentSuggestion>> = {
  laboratory: 'laboratory',
  medication: 'medication',
  imaging: 'imaging',
  bill: 'insurance',
};

function partOf({ kind, sensitive, nodes }: Group, graph: Graph): BundlePart {
  const days = nodes.map(({ resource }) => dayOfResource(resource)).filter((day) => day !== undefined);
  const encounter = nodes.find(({ resource }) => resource.resourceType === 'Encounter');
  return {
    title: fitTitle(titleOf(kind, nodes, encounter?.resource)),
    type: recordTypeOf(kind),
    // A visit is on its own day; a list is as new as what was added last.
    day: (encounter && dayOfResource(encounter.resource)) ?? days.sort().at(-1),
    suggestion: sensitive ? 'mental-health' : (SUGGESTIONS[kind] ?? 'general'),
    resources: nodes.length,
    contents: collection([...graph.contextOf(nodes), ...nodes]),
  };
}

function titleOf(kind: RecordKind, nodes: readonly Node[], encounter: FhirResource | undefined): string {
  const [first] = nodes;
  const { display } = recordTypeOf(kind);
  if (kind === 'visit') return visitTitle(encounter) ?? display;
  if (kind === 'document') {
    const { description, title, type }: Partial<FhirResource> = first?.resource ?? {};
    const words = [description, title].find((one) => typeof one === 'string' && one.trim() !== '');
    return typeof words === 'string' ? words : (nameOfConcept(type) ?? display);
  }
  if (kind === 'laboratory' || kind === 'imaging') {
    const reports = nodes.filter(({ resource }) => resource.resourceType === 'DiagnosticReport');
    const [name, ...more] = new Set(reports.flatMap(({ resource }) => nameOfConcept(resource['code']) ?? []));
    if (name !== undefined) return more.length === 0 ? name : `${name} and ${more.length} more`;
  }
  return nodes.length === 1 ? display : `${display} (${nodes.length})`;
}

/** HL7 v3-ActCode, the classes that say more than the words of the type. */
const CLASSES: Readonly<Record<string, string>> = { EMER: 'Emergency', IMP: 'Hospital stay', VR: 'Call' };

function visitTitle(encounter: FhirResource | undefined): string | undefined {
  if (!encounter) return undefined;
  const { code } = (encounter['class'] ?? {}) as { readonly code?: unknown };
  const name = CLASSES[String(code)] ?? nameOfConcept(encounter['type']);
  const reason = nameOfConcept(encounter['reasonCode']);
  if (name === undefined) return reason;
  return reason === undefined ? name : `${name}: ${reason}`;
}

/** Who and where that nothing refers to: with an empty chart, the patient alone. */
function leftContext(graph: Graph, groups: readonly Group[]): readonly Node[] {
  const copied = new Set(groups.flatMap(({ nodes }) => graph.contextOf(nodes)));
  return graph.nodes.filter((node) => isContext(node.resource) && !copied.has(node));
}

function contextPart(nodes: readonly Node[], graph: Graph): BundlePart {
  const named = graph.contextOf(nodes).filter((node) => !nodes.includes(node));
  return {
    title: nodes.some(({ resource }) => resource.resourceType === 'Patient')
      ? 'Personal details'
      : 'Other details',
    type: recordTypeOf('other'),
    day: undefined,
    suggestion: 'general',
    resources: nodes.length,
    contents: collection([...named, ...nodes]),
  };
}

function documentPart(bundle: FhirBundle): BundlePart {
  const graph = graphOf(bundle.entry);
  const [composition] = graph.nodes;
  return {
    title: fitTitle(titleOf('document', composition ? [composition] : [], undefined)),
    type: recordTypeOf('document'),
    day: composition && dayOfResource(composition.resource),
    suggestion: graph.nodes.some((node) => graph.isSensitive(node)) ? 'mental-health' : 'general',
    resources: bundle.entry.length,
    contents: bundle,
  };
}

/** What an entry says of a server it came from, or should go to, has no place in a collection (bdl-2 to bdl-4). */
function collection(nodes: readonly Node[]): FhirBundle {
  const entry = nodes.map(
    ({ fullUrl, resource }): BundleEntry => (fullUrl === undefined ? { resource } : { fullUrl, resource }),
  );
  return { resourceType: 'Bundle', type: 'collection', entry };
}
