export { exportAge, importAge, type OpenAgeWith, type SealAgeTo } from './age.ts';
export type { MissingRecord } from './chart-manifest.ts';
export {
  type ChartRecord,
  type ChartSource,
  type ExportChartOptions,
  type ExportProgress,
  exportChart,
} from './export-chart.ts';
export { exportAgeName, exportChartName } from './file-name.ts';
export {
  type ImportableRecord,
  type ImportFile,
  type ImportOptions,
  type ImportPreview,
  importOpensWith,
  inspectImport,
  readImport,
} from './import-chart.ts';
export {
  alreadyThere,
  type ImportedRecord,
  type ImportRecordsParameters,
  importRecords,
  type PresentRecord,
} from './import-records.ts';
