import {
  addRecord,
  type Metadata,
  type RecordId,
  registerProvider,
  sealRecord,
  verifyProvider,
} from '@chartkey/sdk';
import type { Browser } from 'playwright-core';
import { type HDAccount, keccak256, toBytes, zeroAddress } from 'viem';
import { ACTORS, LOCAL_AREA } from '../../../scripts/lib/accounts.ts';
import { freePort } from '../../../scripts/lib/process.ts';
import { type Stack, startStack } from '../../../scripts/lib/stack.ts';
import { buildWeb, type RunningWeb, startWeb } from '../../../scripts/lib/web.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { newVisitor, type Visitor, type VisitorOptions } from './visitor.ts';
import { TestWallet } from './wallet.ts';

/** The whole of it, the dApp's production build and a browser included. */
export type House = {
  readonly browser: Browser;
  readonly stack: Stack;
  readonly web: RunningWeb;
  readonly visitorFor: (account: HDAccount, context?: VisitorOptions['context']) => Promise<Visitor>;
  readonly close: () => Promise<void>;
};

/** @param env More settings of the dApp's server @throws Error without a Chromium */
export async function startHouse(
  env: (stack: Stack) => Readonly<Record<string, string>> = () => ({}),
): Promise<House> {
  const executable = findChromium();
  if (executable === undefined) throw new Error('There is no Chromium: set CHROME_PATH or install one.');
  await buildWeb();
  const port = await freePort();
  const stack = await startStack({ origin: `http://localhost:${port}` });
  const web = await startWeb({
    port,
    env: {
      CHARTKEY_RPC_URL: stack.rpcUrl,
      CHARTKEY_GATE_URL: stack.gate.url,
      CHARTKEY_ADDRESSES_FILE: stack.addressesFile,
      ...env(stack),
    },
  });
  const browser = await launchChromium(executable);
  return {
    browser,
    stack,
    web,
    visitorFor: (account, context) =>
      newVisitor({
        browser,
        url: web.url,
        wallet: new TestWallet({ account, rpcUrl: stack.rpcUrl, chainId: stack.deployment.chainId }),
        context,
      }),
    close: async () => {
      await browser.close();
      await web.close();
      await stack.close();
    },
  };
}

type Added = Partial<Metadata> & {
  readonly content: Uint8Array<ArrayBuffer> | string;
  readonly compartment?: number;
};

/** Seals and adds a record whose metadata says what the test wants it to say, true or not. */
export async function addRecordAs(
  stack: Stack,
  patient: HDAccount,
  { content, compartment = 0, ...said }: Added,
): Promise<RecordId> {
  const source = new Blob([content]);
  const client = stack.clientOf(patient);
  const { recordId } = await sealRecord(client, {
    storage: stack.storage,
    network: stack.network,
    patient: patient.address,
    author: patient.address,
    source,
    metadata: {
      length: source.size,
      mediaType: 'application/octet-stream',
      title: 'record',
      fhirType: '',
      created: '2026-01-02',
      ...said,
    },
  });
  await addRecord(client, { recordId, patient: patient.address, compartment });
  return recordId;
}

/** A clinician whom the manager verified. @param licence Two with the same look like one person */
export async function addClinician(stack: Stack, account: HDAccount, licence: string): Promise<void> {
  const application = {
    role: 'Clinician',
    area: LOCAL_AREA,
    organisation: zeroAddress,
    credentialHash: keccak256(toBytes(licence)),
  } as const;
  await registerProvider(stack.clientOf(account), application);
  const { timestamp } = await stack.clientOf().publicClient.getBlock();
  const expiresAt = Number(timestamp) + YEAR;
  const verified = { provider: account.address, application, expiresAt };
  await verifyProvider(stack.clientOf(ACTORS.manager), verified);
}

const YEAR = 365 * 86_400;

/** Goes to a page without loading it anew, which would lock the chart. */
export async function push({ page }: Visitor, path: string): Promise<void> {
  await page.evaluate((to) => {
    const { next } = globalThis as unknown as { next: { router: { push: (to: string) => void } } };
    next.router.push(to);
  }, path);
}
