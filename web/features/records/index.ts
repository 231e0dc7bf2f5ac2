export { useRecords } from '../folders/index.ts';
export { OpenedRecords } from './opened-records.tsx';
export { OpeningStatus } from './opening-status.tsx';
export { RecordLine } from './record-line.tsx';
export { RecordPage } from './record-page.tsx';
export { RecordsPage } from './records-page.tsx';
export { useOpening } from './use-opening.ts';
