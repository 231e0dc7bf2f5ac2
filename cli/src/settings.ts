import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ChartkeyError, type StorageNode } from '@chartkey/sdk';
import { z } from 'zod';
import type { Given, Option } from './command.ts';
import { readJson } from './files.ts';

/** The file that is read without being named, in the folder where the command runs. */
const USUAL_FILE = 'chartkey.config.json';
const USUAL_RPC_URL = 'http://127.0.0.1:8545';

const url = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be an http or https URL',
  );
const file = z.string().min(1, 'must be a path');

const schema = z.strictObject({
  /** The contracts: a path, or what stands in such a file. */
  addresses: z.union([file, z.record(z.string(), z.unknown())]).optional(),
  rpcUrl: url.optional(),
  storage: z
    .array(
      z.union([
        z.strictObject({ rpcUrl: url, gatewayUrl: url.optional() }),
        z.strictObject({ gateUrl: url }),
      ]),
    )
    .min(1, 'must be a list of 1 to 32 nodes')
    .max(32, 'must be a list of 1 to 32 nodes')
    .optional(),
  /** How many nodes must confirm before bytes count as stored. */
  minReplicas: z.int().min(1).max(32).optional(),
  relayUrl: url.optional(),
  indexUrl: url.optional(),
  /** The site that a gate's sign-in names. */
  origin: url.optional(),
  walletFile: file.optional(),
  walletPassphraseFile: file.optional(),
  recoveryCodeFile: file.optional(),
});

/** Where a network is, and with what somebody signs on it. Paths are absolute; nothing in it is secret. */
export type Settings = {
  readonly addresses: string | Readonly<Record<string, unknown>> | undefined;
  readonly rpcUrl: string;
  readonly storage: readonly StorageNode[];
  readonly minReplicas: number | undefined;
  readonly relayUrl: string | undefined;
  readonly indexUrl: string | undefined;
  readonly origin: string | undefined;
  readonly walletFile: string | undefined;
  readonly walletPassphraseFile: string | undefined;
  readonly recoveryCodeFile: string | undefined;
};

/** How a command reaches the chain. */
export const CHAIN_OPTIONS = {
  config: { value: 'FILE', says: `settings (else CHARTKEY_CONFIG, else ${USUAL_FILE})` },
  addresses: {
    value: 'FILE',
    says: 'where the contracts stand: deploy/addresses/<chainId>.json (else CHARTKEY_ADDRESSES_FILE)',
  },
  'rpc-url': { value: 'URL', says: `the chain (else CHARTKEY_RPC_URL, else ${USUAL_RPC_URL})` },
} as const satisfies Record<string, Option>;

export const INDEX_OPTIONS = {
  'index-url': {
    value: 'URL',
    says: 'an index to read from (else CHARTKEY_INDEX_URL, else the chain itself, which takes longer)',
  },
} as const satisfies Record<string, Option>;

export const STORAGE_OPTIONS = {
  'storage-url': {
    value: 'URL[,GATEWAY]',
    says: 'a storage node’s RPC, and its gateway where that has a port of its own; may be repeated (else CHARTKEY_STORAGE_URL)',
    multiple: true,
  },
  'gate-url': {
    value: 'URL',
    says: 'a gate before storage; may be repeated (else CHARTKEY_GATE_URL)',
    multiple: true,
  },
} as const satisfies Record<string, Option>;

/** How it signs, where it does. */
export const WALLET_OPTIONS = {
  'wallet-file': {
    value: 'FILE',
    says: 'the encrypted key that signs (Web3 Secret Storage), mode 0600 (else CHARTKEY_WALLET_FILE)',
  },
  'wallet-passphrase-file': {
    value: 'FILE',
    says: 'its passphrase, mode 0600 (else CHARTKEY_WALLET_PASSPHRASE_FILE, CHARTKEY_WALLET_PASSPHRASE, else asked)',
  },
} as const satisfies Record<string, Option>;

/** How a patient opens their own records without a keeper. */
export const RECOVERY_OPTIONS = {
  'recovery-code-file': {
    value: 'FILE',
    says: 'the patient’s recovery kit or its code, mode 0600 (else CHARTKEY_RECOVERY_CODE_FILE, CHARTKEY_RECOVERY_CODE)',
  },
} as const satisfies Record<string, Option>;

/**
 * Each setting from its option, else the environment, else the configuration file.
 *
 * @throws ChartkeyError `INPUT_INVALID` that names the field
 */
export async function settingsFor(given: Given): Promise<Settings> {
  const { fields, base } = await fileSettings(given);
  const inFile = (path: string | undefined) => (path === undefined ? undefined : resolve(base, path));
  const path = (option: string, variable: string, own: string | undefined) =>
    given.text(option) ?? variableOf(variable) ?? inFile(own);
  return {
    addresses:
      given.text('addresses') ??
      variableOf('CHARTKEY_ADDRESSES_FILE') ??
      (typeof fields.addresses === 'object' ? fields.addresses : inFile(fields.addresses)),
    rpcUrl:
      urlFrom(given.text('rpc-url'), '--rpc-url') ??
      urlFrom(variableOf('CHARTKEY_RPC_URL'), 'CHARTKEY_RPC_URL') ??
      fields.rpcUrl ??
      USUAL_RPC_URL,
    storage: nodesFrom(given) ?? fields.storage?.map(nodeFrom) ?? [],
    minReplicas: fields.minReplicas,
    relayUrl: urlFrom(variableOf('CHARTKEY_RELAY_URL'), 'CHARTKEY_RELAY_URL') ?? fields.relayUrl,
    indexUrl:
      urlFrom(given.text('index-url'), '--index-url') ??
      urlFrom(variableOf('CHARTKEY_INDEX_URL'), 'CHARTKEY_INDEX_URL') ??
      fields.indexUrl,
    origin: urlFrom(variableOf('CHARTKEY_ORIGIN'), 'CHARTKEY_ORIGIN') ?? fields.origin,
    walletFile: path('wallet-file', 'CHARTKEY_WALLET_FILE', fields.walletFile),
    walletPassphraseFile: path(
      'wallet-passphrase-file',
      'CHARTKEY_WALLET_PASSPHRASE_FILE',
      fields.walletPassphraseFile,
    ),
    recoveryCodeFile: path('recovery-code-file', 'CHARTKEY_RECOVERY_CODE_FILE', fields.recoveryCodeFile),
  };
}

type FileSettings = { readonly fields: z.output<typeof schema>; readonly base: string };

async function fileSettings(given: Given): Promise<FileSettings> {
  const named = given.text('config') ?? variableOf('CHARTKEY_CONFIG');
  if (named === undefined && !existsSync(USUAL_FILE)) return { fields: {}, base: '.' };
  const path = named ?? USUAL_FILE;
  const parsed = schema.safeParse(await readJson(path, 'config'));
  if (parsed.success) return { fields: parsed.data, base: dirname(path) };
  throw invalid(`--config: ${wordsOf(parsed.error.issues[0])}.`);
}

function wordsOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'is not valid';
  const field = issue.path.join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    return `${[...issue.path, issue.keys[0]].join('.')} is no setting; settings are ${known}`;
  }
  if (issue.code === 'invalid_type') return `${field} must be a ${issue.expected}`;
  if (issue.code === 'invalid_union' && issue.path[0] === 'storage') {
    return `${field} must be { "rpcUrl": URL, "gatewayUrl": URL } or { "gateUrl": URL }`;
  }
  return `${field}: ${issue.message.toLowerCase()}`;
}

function nodesFrom(given: Given): StorageNode[] | undefined {
  const rpc = listFrom(given, 'storage-url', 'CHARTKEY_STORAGE_URL');
  const gates = listFrom(given, 'gate-url', 'CHARTKEY_GATE_URL');
  if (rpc.length + gates.length === 0) return undefined;
  return [
    ...rpc.map((text) => {
      const [rpcUrl = '', gatewayUrl] = text.split(',');
      return nodeFrom({
        rpcUrl: urlFrom(rpcUrl, '--storage-url') ?? '',
        gatewayUrl: urlFrom(gatewayUrl, '--storage-url'),
      });
    }),
    ...gates.map((gateUrl) => ({ gateUrl: urlFrom(gateUrl, '--gate-url') ?? '' })),
  ];
}

/** Several of a variable stand side by side with blanks between them. */
function listFrom(given: Given, option: string, variable: string): readonly string[] {
  const typed = given.list(option);
  return typed.length > 0 ? typed : (variableOf(variable)?.trim().split(/\s+/) ?? []);
}

function nodeFrom(
  node: { rpcUrl: string; gatewayUrl?: string | undefined } | { gateUrl: string },
): StorageNode {
  return 'gateUrl' in node ? node : { rpcUrl: node.rpcUrl, gatewayUrl: node.gatewayUrl ?? node.rpcUrl };
}

function urlFrom(text: string | undefined, name: string): string | undefined {
  if (text === undefined || url.safeParse(text).success) return text;
  throw invalid(`${name}: must be an http or https URL.`);
}

/** An empty variable is one that is not set. */
export function variableOf(name: string): string | undefined {
  return process.env[name] || undefined;
}

function invalid(message: string): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', message, { advice: 'cli/README.md lists the settings.' });
}
