export { kindOf, type RecordKind, typeName } from './kinds.ts';
export { RecordView } from './record-view.tsx';
