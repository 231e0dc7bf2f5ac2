'use client';

import type { Provider } from '@chartkey/sdk';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Address } from 'viem';
import { isStanding } from '../consent/index.ts';
import { groupOf, needsPatient, useEmergencies } from '../emergency/index.ts';
import { useRecords } from '../folders/index.ts';
import { useMoves, useWards, waitingOf } from '../guardians/index.ts';
import { useProviders } from '../people/index.ts';
import { useRepresentations } from '../representatives/index.ts';
import { useSharing } from '../sharing/index.ts';
import { useAccessLog } from '../who-looked/index.ts';
import { endingSoon, looksSince, type News } from './news.ts';

type NewsFor<T> = T & { readonly children: (news: readonly News[]) => ReactNode };

/** What waits for a patient, and what they may want to know. */
export function PatientNews({
  patient,
  address,
  seen,
  children,
}: NewsFor<{ readonly patient: Address; readonly address: Address; readonly seen: number }>) {
  const t = useTranslations('inbox');
  const { consents, requests } = useSharing({ patient });
  const { pending } = useRecords(patient);
  const log = useAccessLog(patient);
  const asked = requests.filter(({ state }) => state === 'pending').length;
  const moves = (useMoves(patient).data ?? []).filter(({ byPatient }) => !byPatient).length;
  const proposed = useRepresentations({ patient }).list.filter(
    ({ state }) => state === 'waiting' || state === 'proposed',
  ).length;
  const ending = endingSoon(consents).length;
  const emergencies = useEmergencies({ patient }).list.filter(needsPatient).length;
  const looks = looksSince(log.view?.entries ?? [], { since: seen, self: address });
  return children([
    ...line(emergencies, 'emergencies', {
      text: t('brokeTheGlass', { count: emergencies }),
      ...{ href: '/patient/emergencies', asks: true },
    }),
    ...line(moves, 'moves', {
      text: t('somebodyMovesYourChart'),
      ...{ href: '/patient/wallet', asks: true },
    }),
    ...line(proposed, 'representatives', {
      text: t('managersWantSomebodyToActForYou', { count: proposed }),
      ...{ href: '/patient/representatives', asks: true },
    }),
    ...line(asked, 'requests', {
      text: t('providersAsk', { count: asked }),
      ...{ href: '/patient/requests', asks: true },
    }),
    ...line(pending.length, 'records', {
      text: t('recordsWait', { count: pending.length }),
      ...{ href: '/patient/records', asks: true },
    }),
    ...line(looks, 'looks', {
      text: t('openingsByOthers', { count: looks }),
      ...{ href: '/patient/log', asks: false },
    }),
    ...line(ending, 'ending', {
      text: t('accessEnds', { count: ending }),
      ...{ href: '/patient/sharing', asks: false },
    }),
  ]);
}

type ProviderNewsProps = { readonly provider: Provider; readonly accessor: Address };

/** What a clinician, a lab or an insurer may want to know. */
export function ProviderNews({ provider, accessor, children }: NewsFor<ProviderNewsProps>) {
  const t = useTranslations('inbox');
  const isClinician = provider.role === 'Clinician';
  const { list } = useEmergencies(isClinician ? {} : undefined);
  const toCoSign = list.filter(
    ({ state, area, requester }) =>
      state === 'waiting' && area === provider.area && requester.toLowerCase() !== accessor.toLowerCase(),
  ).length;
  const { consents, requests } = useSharing({ accessor });
  const ending = endingSoon(consents).length;
  const waiting = requests.filter(({ state }) => state === 'pending').length;
  const given = consents.filter(({ consent }) => isStanding(consent)).length;
  return children([
    ...line(toCoSign, 'co-sign', {
      text: t('colleaguesAskToCoSign', { count: toCoSign }),
      ...{ href: '/clinician/emergency', asks: true },
    }),
    ...line(ending, 'access', {
      text: t('yourAccessEnds', { count: ending }),
      ...{ href: '/clinician', asks: false },
    }),
    ...line(given === 0 ? waiting : 0, 'sent', {
      text: t('notAnsweredYet', { count: waiting }),
      ...{ href: '/clinician', asks: false },
    }),
  ]);
}

/** What waits for a guardian, whatever else that person is. */
export function GuardianNews({ guardian, children }: NewsFor<{ readonly guardian: Address }>) {
  const t = useTranslations('inbox');
  const waiting = waitingOf(useWards(guardian).data ?? []);
  return children(
    line(waiting, 'guarding', {
      text: t('peopleNeedYouAsAGuardian', { count: waiting }),
      ...{ href: '/guardian', asks: true },
    }),
  );
}

export function ManagerNews({ areas, children }: NewsFor<{ readonly areas: readonly number[] }>) {
  const t = useTranslations('inbox');
  const { list } = useProviders();
  const waiting = list.filter(
    ({ standing, application }) => standing.status === 'Applied' && areas.includes(application.area),
  ).length;
  const emergencies = useEmergencies({}).list.filter((one) => {
    const group = groupOf(one);
    return areas.includes(one.area) && (group === 'due' || group === 'overdue');
  }).length;
  return children([
    ...line(waiting, 'queue', {
      text: t('providersWait', { count: waiting }),
      ...{ href: '/manager', asks: true },
    }),
    ...line(emergencies, 'reviews', {
      text: t('emergenciesToReview', { count: emergencies }),
      ...{ href: '/manager/emergencies', asks: true },
    }),
  ]);
}

function line(count: number, key: string, news: Omit<News, 'key'>): readonly News[] {
  return count === 0 ? [] : [{ key, ...news }];
}
