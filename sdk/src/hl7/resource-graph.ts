import { type BundleEntry, type FhirResource, isObject } from './bundle.ts';
import { isCodedSensitive, isContext } from './sort-resource.ts';

/** A resource of a bundle and what it refers to in there. */
export type Node = {
  readonly at: number;
  readonly fullUrl: string | undefined;
  readonly resource: FhirResource;
  readonly refersTo: readonly Node[];
};

export type Graph = {
  readonly nodes: readonly Node[];
  /** The visit that a resource belongs to, itself if it is one: by its own word, else by the one that refers to it. */
  readonly encounterOf: (node: Node) => Node | undefined;
  /** Coded as mental health, or refers to what is, or lies in a visit with it. */
  readonly isSensitive: (node: Node) => boolean;
  /** Who and where, that these refer to and what those refer to in turn; in a fixed order. */
  readonly contextOf: (nodes: readonly Node[]) => readonly Node[];
};

/** @param entries - of a bundle that was checked. */
export function graphOf(entries: readonly BundleEntry[]): Graph {
  const nodes = entries.map(({ fullUrl, resource }, at) => ({
    ...{ at, fullUrl, resource },
    refersTo: [] as Node[],
  }));
  const resolve = resolverOf(nodes);
  for (const node of nodes) {
    node.refersTo.push(...new Set([...referencesIn(node.resource)].flatMap((to) => resolve(to) ?? [])));
  }
  const encounterOf = encountersOf(nodes, resolve);
  const sensitive = sensitiveAmong(nodes, encounterOf);
  return { nodes, encounterOf, isSensitive: (node) => sensitive.has(node), contextOf };
}

type Resolve = (reference: string) => Node | undefined;

/** R4, section 2.36.4: by full URL, or by type and id at the end of one; a version is left out. */
function resolverOf(nodes: readonly Node[]): Resolve {
  const byName = new Map<string, Node>();
  for (const node of nodes) {
    const { resourceType, id } = node.resource;
    for (const name of [node.fullUrl, id === undefined ? undefined : `${resourceType}/${id}`]) {
      if (name !== undefined && !byName.has(name)) byName.set(name, node);
    }
  }
  return (reference) => byName.get(reference) ?? byName.get(reference.replace(/\/_history\/[^/]+$/, ''));
}

/** Every reference at any depth; those to contained resources are the resource's own affair. */
export function* referencesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'reference' && typeof inner === 'string') {
      if (!inner.startsWith('#')) yield inner;
    } else {
      yield* referencesIn(inner);
    }
  }
}

function encountersOf(nodes: readonly Node[], resolve: Resolve): Graph['encounterOf'] {
  const own = new Map(nodes.map((node) => [node, ownEncounter(node, resolve)]));
  const referring = new Map<Node, Node[]>();
  for (const node of nodes) {
    for (const to of node.refersTo) referring.set(to, [...(referring.get(to) ?? []), node]);
  }
  return (node) => {
    const direct = own.get(node);
    if (direct || isContext(node.resource)) return direct;
    const theirs = new Set((referring.get(node) ?? []).map((one) => own.get(one)));
    const [only, ...more] = theirs;
    return more.length === 0 ? only : undefined;
  };
}

function ownEncounter(node: Node, resolve: Resolve): Node | undefined {
  const { resourceType, encounter, context } = node.resource;
  if (resourceType === 'Encounter') return node;
  const inContext = isObject(context) ? context['encounter'] : undefined;
  for (const one of [encounter, context, Array.isArray(inContext) ? inContext[0] : inContext]) {
    const reference = isObject(one) ? one['reference'] : undefined;
    const found = typeof reference === 'string' ? resolve(reference) : undefined;
    if (found?.resource.resourceType === 'Encounter') return found;
  }
  return undefined;
}

function sensitiveAmong(nodes: readonly Node[], encounterOf: Graph['encounterOf']): ReadonlySet<Node> {
  const clinical = nodes.filter(({ resource }) => !isContext(resource));
  const found = new Set(clinical.filter(({ resource }) => isCodedSensitive(resource)));
  for (const node of [...found]) {
    const encounter = encounterOf(node);
    if (encounter) found.add(encounter);
  }
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const node of clinical) {
      if (node.refersTo.some((to) => found.has(to))) found.add(node);
    }
  }
  return found;
}

function contextOf(nodes: readonly Node[]): readonly Node[] {
  const found = new Set<Node>();
  const visit = (node: Node) => {
    for (const to of node.refersTo) {
      if (!isContext(to.resource) || found.has(to)) continue;
      found.add(to);
      visit(to);
    }
  };
  nodes.forEach(visit);
  return [...found].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** The patient first, then by type and name: the order of a file must not matter. */
function nameOf({ fullUrl, resource }: Node): string {
  const first = resource.resourceType === 'Patient' ? '0' : '1';
  return `${first} ${resource.resourceType} ${fullUrl ?? ''} ${resource.id ?? ''}`;
}
