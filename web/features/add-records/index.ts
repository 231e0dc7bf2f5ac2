export { AddRecords } from './add-records.tsx';
