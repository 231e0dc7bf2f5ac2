import { type Abi, type Address, encodeFunctionData, type Hex, toFunctionSelector } from 'viem';
import { ChainError } from '../errors.ts';
import {
  consentRegistryAbi,
  emergencyAccessAbi,
  guardianshipAbi,
  participantRegistryAbi,
  recordIndexAbi,
} from './generated/index.ts';
import type { ChartkeyClient } from './wallet.ts';

type Call = {
  readonly address: Address;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
};

/** What a representative does through the guardianship; `RepresentedCalls.sol` has the same list. */
const REPRESENTED = [
  'grantConsent',
  'amendConsent',
  'revokeConsent',
  'revokeAll',
  'declineRequest',
  'restrictRecord',
  'liftRestriction',
  'addRecord',
  'addRecords',
  'acceptRecords',
  'rejectRecord',
  'moveRecord',
  'rewrapRecord',
  'supersedeRecord',
  'retireRecord',
  'setEmergencySet',
  'endEmergency',
  'reviewEmergency',
  'changePublicKey',
];

const REPRESENTED_ABI: Abi = [
  ...consentRegistryAbi,
  ...recordIndexAbi,
  ...emergencyAccessAbi,
  ...participantRegistryAbi,
];

/** What a representative does, by its selector; undefined for what it doesn't do through the guardianship. */
export function representedFunction(selector: Hex): string | undefined {
  const item = REPRESENTED_ABI.find((one) => one.type === 'function' && toFunctionSelector(one) === selector);
  return item?.type === 'function' && REPRESENTED.includes(item.name) ? item.name : undefined;
}

/** What a representative does under its own name while it represents somebody. */
const OWN = ['openRecords', 'startSession', 'endSession', 'endRepresentation'];

/**
 * The call that a representative makes instead: the guardianship checks it, marks it, and passes it on.
 *
 * @throws ChainError `INPUT_INVALID` for what nobody does in a patient's name: it would be done in the
 * representative's own
 */
export function inPatientsName({ representing, deployment }: ChartkeyClient, call: Call): Call {
  if (!representing || OWN.includes(call.functionName)) return call;
  if (!REPRESENTED.includes(call.functionName)) {
    throw new ChainError('INPUT_INVALID', 'A representative can’t do this in a patient’s name.', {
      advice: 'Only the patient can, with their own wallet.',
    });
  }
  const { abi, functionName, args } = call;
  const data = encodeFunctionData({ abi, functionName, args: args as unknown[] });
  return {
    address: deployment.guardianship,
    abi: guardianshipAbi,
    functionName: 'actFor',
    args: [representing, call.address, data],
  };
}
