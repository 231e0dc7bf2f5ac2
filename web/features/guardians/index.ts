export { linkFor } from './asked-in-link.ts';
export { GuardianStep } from './enrol-step.tsx';
export { GuardianPage } from './guardian-page.tsx';
export { GuardiansPage } from './guardians-page.tsx';
export { GuardianReminder } from './reminder.tsx';
export { useChainTime } from './use-chain-time.ts';
export { useGuardians, useMoves, useWards, waitingOf } from './use-guardians.ts';
