'use client';

import type { ReactNode } from 'react';
import type { Address } from 'viem';
import { isStanding } from '../consent/index.ts';
import { useRecords } from '../folders/index.ts';
import { useProviders } from '../people/index.ts';
import { useSharing } from '../sharing/index.ts';
import { useAccessLog } from '../who-looked/index.ts';
import { counted, endingSoon, looksSince, type News } from './news.ts';

type NewsFor<T> = T & { readonly children: (news: readonly News[]) => ReactNode };

/** What waits for a patient, and what they may want to know. */
export function PatientNews({
  patient,
  address,
  seen,
  children,
}: NewsFor<{ readonly patient: Address; readonly address: Address; readonly seen: number }>) {
  const { consents, requests } = useSharing({ patient });
  const { pending } = useRecords(patient);
  const log = useAccessLog(patient);
  const asked = requests.filter(({ state }) => state === 'pending').length;
  const ending = endingSoon(consents).length;
  const looks = looksSince(log.view?.entries ?? [], { since: seen, self: address });
  return children([
    ...line(asked, 'requests', {
      text: `${counted(asked, 'provider asks', 'providers ask')} to read your records`,
      ...{ href: '/patient/requests', asks: true },
    }),
    ...line(pending.length, 'records', {
      text: `${counted(pending.length, 'record waits', 'records wait')} to be accepted into your chart`,
      ...{ href: '/patient/records', asks: true },
    }),
    ...line(looks, 'looks', {
      text: `${counted(looks, 'opening', 'openings')} by others since you last looked here`,
      ...{ href: '/patient/log', asks: false },
    }),
    ...line(ending, 'ending', {
      text: `${counted(ending, 'person’s access ends', 'people’s access ends')} within a week`,
      ...{ href: '/patient/sharing', asks: false },
    }),
  ]);
}

/** What a clinician, a lab or an insurer may want to know. */
export function ProviderNews({ accessor, children }: NewsFor<{ readonly accessor: Address }>) {
  const { consents, requests } = useSharing({ accessor });
  const ending = endingSoon(consents).length;
  const waiting = requests.filter(({ state }) => state === 'pending').length;
  const given = consents.filter(({ consent }) => isStanding(consent)).length;
  return children([
    ...line(ending, 'access', {
      text: `Your access to ${counted(ending, 'patient', 'patients')} ends within a week`,
      ...{ href: '/clinician', asks: false },
    }),
    ...line(given === 0 ? waiting : 0, 'sent', {
      text: `${counted(waiting, 'request', 'requests')} of yours not answered yet`,
      ...{ href: '/clinician', asks: false },
    }),
  ]);
}

export function ManagerNews({ areas, children }: NewsFor<{ readonly areas: readonly number[] }>) {
  const { list } = useProviders();
  const waiting = list.filter(
    ({ standing, application }) => standing.status === 'Applied' && areas.includes(application.area),
  ).length;
  return children(
    line(waiting, 'queue', {
      text: `${counted(waiting, 'provider waits', 'providers wait')} to be verified`,
      ...{ href: '/manager', asks: true },
    }),
  );
}

function line(count: number, key: string, news: Omit<News, 'key'>): readonly News[] {
  return count === 0 ? [] : [{ key, ...news }];
}
