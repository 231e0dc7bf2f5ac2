export { kindOf } from './kinds.ts';
export { RecordView } from './record-view.tsx';
export { useTypeName } from './use-type-name.ts';
