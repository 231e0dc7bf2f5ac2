'use client';

import { RULES, type RuleName, type RuleSettings } from '@chartkey/sdk';
import { Group, NumberInput, Stack, Switch, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useSaid } from '../../ui/index.ts';
import { isValid, type RuleSet, thresholdsOf } from './rule-choice.ts';

type RuleCardProps = {
  readonly name: RuleName;
  readonly set: RuleSet;
  readonly onChange: (set: RuleSet) => void;
};

/** One rule: whether it looks, and how much is too much. */
export function RuleCard({ name, set, onChange }: RuleCardProps) {
  const t = useTranslations('auditor');
  const said = useSaid();
  const change = (settings: Partial<RuleSettings>) => {
    const all = { ...set.settings, ...settings };
    const keys = Object.keys(settings) as (keyof RuleSettings)[];
    if (keys.every((key) => isValid(key, all[key]))) onChange({ ...set, settings: all });
  };
  return (
    <Stack className="ck-row" gap="sm" px="lg" py="md" data-rule={name}>
      <Switch
        checked={set.on}
        onChange={({ currentTarget }) => onChange({ ...set, on: currentTarget.checked })}
        label={<Text fw={600}>{t(`rules.${name}`)}</Text>}
        description={said(RULES[name].says)}
      />
      {set.on && (
        <Group gap="md" ml={{ base: 0, sm: 54 }}>
          {thresholdsOf(name).map((key) => (
            <Threshold key={key} name={name} of={key} settings={set.settings} onChange={change} />
          ))}
        </Group>
      )}
    </Stack>
  );
}

type ThresholdProps = {
  readonly name: RuleName;
  readonly of: keyof RuleSettings;
  readonly settings: Partial<RuleSettings>;
  readonly onChange: (settings: Partial<RuleSettings>) => void;
};

const MINUTE = 60;
const DAY = 86_400;

function Threshold({ name, of, settings, onChange }: ThresholdProps) {
  const t = useTranslations('auditor');
  const { count = 1, seconds = MINUTE, hours = [6, 22] } = settings;
  if (of === 'hours') {
    return (
      <>
        <Whole
          label={t('hoursFrom')}
          value={hours[0]}
          max={24}
          onChange={(from) => onChange({ hours: [from, hours[1]] })}
        />
        <Whole
          label={t('hoursUntil')}
          value={hours[1]}
          max={24}
          onChange={(until) => onChange({ hours: [hours[0], until] })}
        />
      </>
    );
  }
  if (of === 'count')
    return (
      <Whole label={t('atLeast')} value={count} min={1} onChange={(value) => onChange({ count: value })} />
    );
  const [unit, label] =
    name === 'emergency-unreviewed' ? [DAY, t('afterDays')] : [MINUTE, t('withinMinutes')];
  const value = Math.max(1, Math.round(seconds / unit));
  return (
    <Whole label={label} value={value} min={1} onChange={(next) => onChange({ seconds: next * unit })} />
  );
}

type WholeProps = {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max?: number;
  readonly onChange: (value: number) => void;
};

function Whole({ label, value, min = 0, max = 100_000, onChange }: WholeProps) {
  return (
    <NumberInput
      label={label}
      value={value}
      onChange={(next) => typeof next === 'number' && onChange(next)}
      min={min}
      max={max}
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="strict"
      hideControls
      w={200}
    />
  );
}
