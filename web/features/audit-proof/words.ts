import type { LogFinding, LogVerdict } from '@chartkey/sdk';
import type { Translate } from '../../i18n/messages.ts';

/** What is wrong with a list, in a sentence. */
export function faultInWords(t: Translate<'auditProof'>, { fault, proven }: LogVerdict): string {
  if (!fault) return t('faults.none');
  return t(`faults.${fault.kind}`, { number: fault.sequence, all: proven.count });
}

export function findingInWords(t: Translate<'auditProof'>, { kind, sequence, fields }: LogFinding): string {
  const finding = t(`findings.${kind}`, { number: sequence });
  return fields ? t('findingIn', { finding, fields: fields.join(', ') }) : finding;
}
