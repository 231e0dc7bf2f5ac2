export {
  type ExportContext,
  type ExportedEntry,
  type Exporter,
  type ExportVerdict,
  isoTime,
} from './exported-entry.ts';
export { auditEvent, exportFhir } from './fhir.ts';
export { exportHtml } from './html.ts';
export { exportCsv, exportJson, exportNdjson } from './tables.ts';
