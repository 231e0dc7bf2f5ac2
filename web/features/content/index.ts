export { kindOf, typeName } from './kinds.ts';
export { RecordView } from './record-view.tsx';
