import type { Emergency } from '@chartkey/sdk';

/** Where an emergency stands, with what was found of it once it is over. */
export type Phase =
  | 'waiting'
  | 'standing'
  | 'lapsed'
  | 'withdrawn'
  | 'ended'
  | 'overdue'
  | 'Justified'
  | 'Contested'
  | 'Unjustified';

export function phaseOf({ state, review, reviewOverdue }: Emergency): Phase {
  if (state !== 'ended') return state;
  if (review === 'Justified' || review === 'Unjustified') return review;
  if (reviewOverdue) return 'overdue';
  return review === 'Contested' ? review : 'ended';
}

export type ReviewGroup = 'overdue' | 'due' | 'standing' | 'reviewed';

/** Undefined for one that never gave anybody anything. */
export function groupOf(emergency: Emergency): ReviewGroup | undefined {
  const phase = phaseOf(emergency);
  if (phase === 'overdue' || phase === 'standing') return phase;
  if (phase === 'Justified' || phase === 'Unjustified') return 'reviewed';
  return phase === 'ended' || phase === 'Contested' ? 'due' : undefined;
}

/** Waits or stands: it can be ended. */
export function isLive({ state }: Emergency): boolean {
  return state === 'waiting' || state === 'standing';
}

/** To be ended, or to be reviewed by its patient. */
export function needsPatient(emergency: Emergency): boolean {
  return isLive(emergency) || (emergency.state === 'ended' && emergency.review === 'None');
}
