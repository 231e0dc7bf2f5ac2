import {
  accountOf,
  type ChartkeyClient,
  changePublicKey,
  commitPid,
  createKeyBlock,
  generatePidSalt,
  generateRecoveryCode,
  patientOf,
  publicKeyHashOf,
  publishPublicKey,
  registerPatient,
  toBase64Url,
} from '@chartkey/sdk';
import { type Address, type Hex, zeroHash } from 'viem';
import { isGated, signerFor, storageFor, uploadTo } from '../access.ts';
import type { Command, Given } from '../command.ts';
import { writeNew } from '../files.ts';
import { AREA_OPTION, areaFrom } from '../inputs.ts';
import { progress } from '../progress.ts';
import { secretFrom } from '../secrets.ts';
import { CHAIN_OPTIONS, STORAGE_OPTIONS, WALLET_OPTIONS } from '../settings.ts';

export const register: Command = {
  name: 'participant register',
  says: 'Registers the wallet as a patient, with a new key and its recovery kit',
  options: {
    area: { ...AREA_OPTION, needed: true },
    kit: { value: 'FILE', says: 'where the recovery kit goes; never over one that is there', needed: true },
    'identifier-file': {
      value: 'FILE',
      says: 'what the patient is known by in the area, mode 0600 (else CHARTKEY_PATIENT_IDENTIFIER, else asked)',
    },
    ...CHAIN_OPTIONS,
    ...STORAGE_OPTIONS,
    ...WALLET_OPTIONS,
  },
  more: [
    'The identifier leaves this machine only as a salted hash; the salt is in the kit.',
    'The kit opens every record of this patient: print it, and keep it away from this machine.',
    'Run again with another kit if it broke off before the key was registered.',
  ].join('\n'),
  examples: ['participant register --area 1 --kit kit.txt --wallet-file patient.wallet.json'],
  run: async (given) => {
    const area = areaFrom(given.needed('area'));
    const client = await signerFor(given);
    const wallet = accountOf(client);
    const patient = await patientOf(client, { wallet });
    const isKeyless = patient !== undefined && (await publicKeyHashOf(client, { patient })) === undefined;
    const registration = isKeyless ? undefined : await registrationFor(given, area);

    const code = generateRecoveryCode();
    const { block } = await createKeyBlock([{ kind: 'code', code }]);
    const kit = given.needed('kit');
    await writeNew(
      kit,
      kitText({ code, wallet, area, chainId: client.deployment.chainId, ...registration }),
      0o600,
    );
    const { say, end } = progress();
    say('Registering');
    const publicKeyHash = await enrol(given, { client, block, area, pid: registration?.pid });
    end();
    const id = (await patientOf(client, { wallet })) ?? wallet;
    return {
      json: { patient: id, area, publicKeyHash, kit },
      lines: [
        `Registered: patient ${id} in area ${area}.`,
        `The recovery kit is in ${kit}. Print it, then remove it.`,
      ],
    };
  },
};

type Registration = { readonly pid: Hex; readonly salt: Uint8Array };

async function registrationFor(given: Given, area: number): Promise<Registration> {
  const identifier = await secretFrom({
    name: 'The patient’s identifier',
    option: 'identifier-file',
    file: given.text('identifier-file'),
    variable: 'CHARTKEY_PATIENT_IDENTIFIER',
  });
  const salt = generatePidSalt();
  return { pid: commitPid({ area, identifier, salt }), salt };
}

type Enrolment = {
  readonly client: ChartkeyClient;
  readonly block: Uint8Array;
  readonly area: number;
  /** None for a patient who is registered, and has no key yet. */
  readonly pid: Hex | undefined;
};

/** A gate lets in who is registered, so there the key comes second. */
async function enrol(given: Given, { client, block, area, pid }: Enrolment): Promise<Hex> {
  const isFirst = pid !== undefined && !isGated(await storageFor(given));
  if (pid !== undefined && !isFirst) await registerPatient(client, { area, pid, publicKeyHash: zeroHash });
  const publicKeyHash = await publishPublicKey(await uploadTo(given, client), block);
  if (isFirst) await registerPatient(client, { area, pid, publicKeyHash });
  else await changePublicKey(client, { publicKeyHash });
  return publicKeyHash;
}

type Kit = {
  readonly code: string;
  readonly wallet: Address;
  readonly area: number;
  readonly chainId: number;
  readonly salt?: Uint8Array | undefined;
};

function kitText({ code, wallet, area, chainId, salt }: Kit): string {
  return [
    'Chartkey recovery kit',
    '',
    'This code opens your records. Whoever has it can read them.',
    '',
    `Recovery code: ${code}`,
    `Wallet: ${wallet}`,
    `Network: ${chainId}`,
    `Area: ${area}`,
    ...(salt ? [`Salt of the patient id: ${toBase64Url(salt)}`] : []),
    '',
  ].join('\n');
}
