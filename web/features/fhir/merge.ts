import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';

/**
 * FHIR records to be read as one chart. What stands in several of them, as the patient does, is
 * taken from the first. Files may be anybody's: what is no entry is left out.
 */
export function mergeRecords(records: readonly Resource[]): Bundle {
  const known = new Set<string>();
  const entry: BundleEntry[] = [];
  for (const one of records.flatMap(entriesOf)) {
    const resource: unknown = one?.resource;
    if (typeof resource !== 'object' || resource === null) continue;
    const { resourceType, id } = resource as { resourceType?: unknown; id?: unknown };
    const name = one.fullUrl ?? (id === undefined ? undefined : `${resourceType}/${id}`);
    if (name !== undefined && known.has(name)) continue;
    if (name !== undefined) known.add(name);
    entry.push(one);
  }
  return { resourceType: 'Bundle', type: 'collection', entry };
}

function entriesOf(record: Resource): readonly BundleEntry[] {
  if (record.resourceType !== 'Bundle') return [{ resource: record }];
  return Array.isArray(record.entry) ? record.entry : [];
}
