export { ProofBanner } from './proof-banner.tsx';
export { PeriodProof, ProofMark, RowProof } from './proof-mark.tsx';
export { type Period, type ProofStatus, periodStatus, rowFinding } from './status.ts';
export { type ProvenLog, useProvenLog } from './use-proven-log.ts';
export { faultInWords, findingInWords } from './words.ts';
