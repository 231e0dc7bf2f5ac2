import type { HDAccount } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';

/**
 * The well-known accounts of every Hardhat chain. Their keys are public: they are for chains
 * of one's own and for nothing else.
 */
export const DEV_MNEMONIC = 'test test test test test test test test test test test junk';

export function devAccount(index: number): HDAccount {
  return mnemonicToAccount(DEV_MNEMONIC, { addressIndex: index });
}

/** Who is who on a local chain. */
export const ACTORS = {
  governor: devAccount(0),
  manager: devAccount(1),
  auditor: devAccount(2),
  clinician: devAccount(3),
  lab: devAccount(4),
  patient: devAccount(5),
  secondPatient: devAccount(6),
  thirdPatient: devAccount(7),
  outsider: devAccount(8),
  /** Pays for signed requests. */
  relay: devAccount(9),
  keepers: [devAccount(10), devAccount(11), devAccount(12), devAccount(13), devAccount(14)],
} as const;

/** The area that the local chain has. */
export const LOCAL_AREA = 1;
