export { EmergencyBanner } from './banner.tsx';
export { EmergencyCardPage } from './card-page.tsx';
export { ConfirmedBy } from './confirmed-by.tsx';
export { Facts } from './facts.tsx';
export { EmergencyOnChart, useLatestEmergency } from './on-chart.tsx';
export { EmergenciesPage } from './patient-page.tsx';
export { groupOf, isLive, needsPatient } from './phases.ts';
export { Review } from './review.tsx';
export { EmergencyReviews } from './review-list.tsx';
export { StateBadge } from './state-badge.tsx';
export { TimeLeft } from './time-left.tsx';
export {
  useConfirmations,
  useEmergencies,
  useEmergency,
  useEmergencySet,
  useGuardianCount,
} from './use-emergencies.ts';
