import { ChartkeyError } from '../errors.ts';
import { type BundleEntry, type FhirBundle, isObject, parseBundle } from './bundle.ts';

/**
 * The FHIR records of a chart as one bundle of type `collection`, which {@link splitBundle} takes
 * apart again. A resource that stands in several records, as the patient does, stands in it once;
 * where they differ the one that comes first is taken (R4, bdl-7), so give the newest first.
 * Single resources are taken too; documents are opened up.
 *
 * @throws ChartkeyError `INPUT_INVALID`: nothing was given, or one of them is no FHIR R4
 */
export function joinBundles(records: readonly unknown[]): FhirBundle {
  const entry: BundleEntry[] = [];
  const known = new Set<string>();
  for (const record of records) {
    for (const { fullUrl, resource } of entriesOf(record)) {
      const name = fullUrl ?? nameOf(resource);
      if (name !== undefined && known.has(name)) continue;
      if (name !== undefined) known.add(name);
      entry.push(fullUrl === undefined ? { resource } : { fullUrl, resource });
    }
  }
  if (entry.length === 0) {
    throw new ChartkeyError('INPUT_INVALID', 'There is no FHIR record to put together.');
  }
  return { resourceType: 'Bundle', type: 'collection', entry };
}

function entriesOf(record: unknown): readonly BundleEntry[] {
  const isBundle = isObject(record) && record['resourceType'] === 'Bundle';
  const whole = isBundle
    ? record
    : { resourceType: 'Bundle', type: 'collection', entry: [{ resource: record }] };
  return parseBundle(whole).entry;
}

/** Without a full URL two of the same type and id may be two hospitals': the same only if they are equal. */
function nameOf(resource: BundleEntry['resource']): string | undefined {
  return resource.id === undefined ? undefined : JSON.stringify(resource);
}
