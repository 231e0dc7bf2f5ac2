import type { Hex } from 'viem';
import { ChartkeyError } from '../errors.ts';

/** A patient's address on chain. */
export type PatientAddress = { readonly area: number; readonly pid: Hex };

const CARD = /^(?:https?:\/\/[^\s/#?]+\/emergency#)?(\d{1,10})\.([0-9a-f]{64})$/;

/**
 * What the QR of an emergency card holds: a link to this dApp with `<AID, PID>` behind the `#`, so that
 * not even the server learns whose card is read. Nothing in it can be read: the pid is a salted hash.
 *
 * @param origin Such as `https://example.org`
 * @throws ChartkeyError `INPUT_INVALID`
 */
export function emergencyCardText({
  origin,
  area,
  pid,
}: PatientAddress & { readonly origin: string }): string {
  const text = `${origin}/emergency#${area}.${pid.slice(2).toLowerCase()}`;
  if (!CARD.test(text)) throw invalid('A card needs an origin, an area and a pid of 32 bytes.');
  return text;
}

/**
 * The patient whom a scanned or typed card leads to: the link, or `area.pid` alone.
 *
 * @throws ChartkeyError `INPUT_INVALID` for anything else
 */
export function parseEmergencyCard(text: string): PatientAddress {
  const [, area = '', pid = ''] = CARD.exec(text.trim()) ?? [];
  if (pid === '' || Number(area) > 0xffff_ffff) throw invalid('This is no emergency card of ours.');
  return { area: Number(area), pid: `0x${pid}` };
}

function invalid(message: string): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', message);
}
