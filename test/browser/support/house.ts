import { addRecord, type Metadata, type RecordId, sealRecord } from '@chartkey/sdk';
import type { Browser } from 'playwright-core';
import type { HDAccount } from 'viem';
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

/** Seals and adds a record whose metadata says what the test wants it to say, true or not. */
export async function addRecordAs(
  stack: Stack,
  patient: HDAccount,
  { content, ...said }: Partial<Metadata> & { readonly content: Uint8Array<ArrayBuffer> | string },
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
  await addRecord(client, { recordId, patient: patient.address, compartment: 0 });
  return recordId;
}

/** Goes to a page without loading it anew, which would lock the chart. */
export async function push({ page }: Visitor, path: string): Promise<void> {
  await page.evaluate((to) => {
    const { next } = globalThis as unknown as { next: { router: { push: (to: string) => void } } };
    next.router.push(to);
  }, path);
}
