import { type ChartkeyClient, emergencies, type HistoryEvent, type Index, readIndex } from '@chartkey/sdk';
import { getAddress } from 'viem';

/** An emergency that was opened, and whether its review is due. */
export type Review = {
  readonly emergencyId: string;
  /** Who asked, and read. */
  readonly requester: `0x${string}`;
  /** Unix seconds. */
  readonly openedAt: number;
  readonly dueAt: number;
  readonly state: 'reviewed' | 'waiting' | 'overdue';
};

/** As an index has them, the newest first. @param now Unix seconds */
export async function indexedReviews(index: Index, now = Date.now() / 1_000): Promise<readonly Review[]> {
  const reviewed = new Set<string>();
  for await (const { args } of readIndex(index, 'history', { name: 'EmergencyReviewed' })) {
    reviewed.add(String(args['emergencyId']));
  }
  const reviews: Review[] = [];
  for await (const event of readIndex(index, 'history', { name: 'EmergencyOpened' })) {
    reviews.push(reviewOf(event, reviewed, now));
  }
  return reviews;
}

function reviewOf({ args, at }: HistoryEvent, reviewed: ReadonlySet<string>, now: number): Review {
  const emergencyId = String(args['emergencyId']);
  const dueAt = Number(args['reviewDueAt']);
  const open = now > dueAt ? 'overdue' : 'waiting';
  return {
    ...{ emergencyId, dueAt, openedAt: at, requester: getAddress(String(args['requester'])) },
    state: reviewed.has(emergencyId) ? 'reviewed' : open,
  };
}

/** The same from the contract, one emergency after the other. */
export async function reviewsOnChain(reader: ChartkeyClient): Promise<readonly Review[]> {
  const all = await emergencies(reader);
  return all
    .flatMap(({ emergencyId, requester, openedAt, reviewDueAt, review, reviewOverdue }): Review[] => {
      if (openedAt === undefined) return [];
      const open = reviewOverdue ? 'overdue' : 'waiting';
      const state = review === 'None' ? open : 'reviewed';
      return [
        { emergencyId: String(emergencyId), requester, openedAt, dueAt: reviewDueAt ?? openedAt, state },
      ];
    })
    .reverse();
}
