export { ProofBanner } from './proof-banner.tsx';
export { PeriodProof, RowProof } from './proof-mark.tsx';
export { type ProvenLog, type ProvenLogHandle, useProvenLog } from './use-proven-log.ts';
