import { parseEmergencyCard } from '@chartkey/sdk';
import { type Address, getAddress, type Hex, isAddress } from 'viem';

/** Whom a text names: by `<area, pid>`, or by the address that is a patient's id. */
export type NamedPatient = { readonly area: number; readonly pid: Hex } | { readonly patient: Address };

const MAX_AREA = 4_294_967_295;
const NUMBER = /^<?\s*(\d{1,10})\s*,\s*(0x[0-9a-fA-F]{64})\s*>?$/;

/** Reads `<1, 0x…>`, with or without the brackets, an address, or an emergency card; undefined for anything else. */
export function parsePatient(text: string): NamedPatient | undefined {
  const trimmed = text.trim();
  if (isAddress(trimmed, { strict: false })) return { patient: getAddress(trimmed) };
  const [, area, pid] = NUMBER.exec(trimmed) ?? [];
  if (area === undefined || pid === undefined) return onCard(trimmed);
  if (Number(area) > MAX_AREA) return undefined;
  return { area: Number(area), pid: pid.toLowerCase() as Hex };
}

function onCard(text: string): NamedPatient | undefined {
  try {
    return parseEmergencyCard(text);
  } catch {
    return undefined;
  }
}

/** What `parsePatient` reads, and what stands in a patient's QR code. */
export function patientNumber({ area, pid }: { readonly area: number; readonly pid: Hex }): string {
  return `<${area}, ${pid}>`;
}
