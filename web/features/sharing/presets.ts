import type { PurposeOfUse } from '@chartkey/sdk';
import type { Translate } from '../../i18n/messages.ts';
import type { Words } from '../../ui/index.ts';
import { type ScopeDraft, untilInDays } from '../consent/index.ts';
import type { Folder } from '../folders/index.ts';

type Preset = { readonly label: string; readonly scope: ScopeDraft };

/** Starting points for giving access. None of them holds what is set apart: that is ticked by hand. */
export function presetsFor(
  t: Translate<'sharing'>,
  words: Words,
  folders: readonly Folder[],
): readonly Preset[] {
  const open = folders.filter(({ kind }) => kind !== 'mental-health').map(({ number }) => number);
  const of = (kind: Folder['kind']) => folders.filter((one) => one.kind === kind).map(({ number }) => number);
  const laboratory = of('laboratory');
  const insurance = of('insurance');
  const apart = folders.filter(({ kind }) => kind === 'mental-health').map(({ name }) => name);
  const doctor =
    apart.length > 0 ? t('myDoctorAllBut', { folders: words.list(apart) }) : t('myDoctorAllFolders');
  return [
    preset(doctor, { compartments: open, purposes: ['TREAT'], days: 365 }),
    ...(laboratory.length > 0
      ? [
          preset(t('aLaboratoryItsResults'), {
            compartments: laboratory,
            purposes: ['TREAT'],
            days: 30,
            mayWrite: true,
          }),
        ]
      : []),
    ...(insurance.length > 0
      ? [
          preset(t('anInsurerBillsOnly'), {
            compartments: insurance,
            purposes: ['HPAYMT', 'COVERAGE'],
            days: 30,
          }),
        ]
      : []),
  ];
}

type Terms = {
  readonly compartments: readonly number[];
  readonly purposes: readonly PurposeOfUse[];
  readonly days: number;
  readonly mayWrite?: boolean;
};

function preset(label: string, { compartments, purposes, days, mayWrite = false }: Terms): Preset {
  return { label, scope: { compartments, purposes, mayWrite, until: untilInDays(days) } };
}
