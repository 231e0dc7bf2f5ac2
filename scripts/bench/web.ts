import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchChromium } from '../../test/browser/support/chromium.ts';
import { newVisitor, type Visitor } from '../../test/browser/support/visitor.ts';
import { TestWallet } from '../../test/browser/support/wallet.ts';
import { ACTORS } from '../lib/accounts.ts';
import { type Stack, startStack } from '../lib/stack.ts';
import { buildWeb, type RunningWeb, startWeb } from '../lib/web.ts';
import { type BenchArea, type BenchResult, summarize } from './area.ts';
import { seedCrowd } from './workload/crowd.ts';

const ROUNDS = Number(process.env.CHARTKEY_BENCH_WEB_ROUNDS ?? 5);
const SIZES = {
  records: Number(process.env.CHARTKEY_BENCH_WEB_RECORDS ?? 10_000),
  entries: Number(process.env.CHARTKEY_BENCH_WEB_ENTRIES ?? 2_000),
  patients: Number(process.env.CHARTKEY_BENCH_WEB_PATIENTS ?? 3_000),
};

type Measured = {
  readonly list: number;
  readonly firstPaint: number;
  readonly blocked: number;
};

/**
 * The dApp's production build in Chromium with much in it: from the moment the page is asked for
 * until the first rows of its longest list are on screen, each time in a page that knows nothing yet.
 * What the browser fetched before is in its cache or not as it is for a person who comes back.
 */
export const bench: BenchArea['bench'] = async () => {
  const executable = findChromium();
  if (!executable) throw new Error('There is no Chromium: set CHROME_PATH or install one.');
  await buildWeb();
  const stack = await startStack();
  const web = await startWeb({
    env: {
      CHARTKEY_RPC_URL: stack.rpcUrl,
      CHARTKEY_GATE_URL: stack.gate.url,
      CHARTKEY_ADDRESSES_FILE: stack.addressesFile,
      CHARTKEY_RELAY_URL: stack.relay.url,
    },
  });
  const browser = await launchChromium(executable);
  try {
    await seedCrowd(stack, SIZES);
    const place = { browser, stack, web };
    const first = await javaScriptOf(place);
    const patient = await personAt(place, ACTORS.patient);
    const records = await rounds(patient, { path: '/patient/records', list: 'Your records' });
    const log = await rounds(patient, { path: '/patient/log', list: 'Who looked' });
    await patient.context.close();
    const clinician = await personAt(place, ACTORS.clinician);
    const today = await rounds(clinician, { path: '/clinician', list: 'Shared with me' });
    await clinician.context.close();
    return [
      figure('first-screen', records, 'list'),
      figure('first-screen/first-paint', records, 'firstPaint'),
      figure('first-screen/total-blocking-time', records, 'blocked'),
      figure('log-2000', log, 'list'),
      figure('log-2000/total-blocking-time', log, 'blocked'),
      figure('clinician-3000', today, 'list'),
      figure('clinician-3000/first-paint', today, 'firstPaint'),
      figure('clinician-3000/total-blocking-time', today, 'blocked'),
      summarize('first-page-js-gzip', 'KB', [first / 1024], `Chromium ${browser.version().split('.')[0]}`),
    ];

    function figure(name: string, measured: readonly Measured[], what: keyof Measured): BenchResult {
      const runtime = `Chromium ${browser.version().split('.')[0]}`;
      return summarize(
        name,
        'ms',
        measured.map((one) => one[what]),
        runtime,
      );
    }
  } finally {
    await browser.close();
    await web.close();
    await stack.close();
  }
};

type Place = { readonly browser: Browser; readonly stack: Stack; readonly web: RunningWeb };

async function personAt(
  { browser, stack, web }: Place,
  account: (typeof ACTORS)['patient'],
): Promise<Visitor> {
  const { rpcUrl, deployment } = stack;
  const wallet = new TestWallet({ account, rpcUrl, chainId: deployment.chainId });
  const visitor = await newVisitor({ browser, url: web.url, wallet });
  await visitor.context.addInitScript(watchTasks);
  await visitor.connect();
  return visitor;
}

/** Bytes of JavaScript that the first page loads, as they are after gzip. */
async function javaScriptOf(place: Place): Promise<number> {
  const { context, page, goto } = await personAt(place, ACTORS.outsider);
  await goto('/');
  const sources = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLScriptElement>('script[src]:not([nomodule])')].map(({ src }) => src),
  );
  let bytes = 0;
  for (const source of sources) bytes += gzipSync(await (await page.request.get(source)).body()).length;
  await context.close();
  return bytes;
}

type Screen = { readonly path: string; readonly list: string };

async function rounds(visitor: Visitor, screen: Screen): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (let round = 0; round < ROUNDS; ++round) {
    await visitor.goto(screen.path);
    await visitor.page
      .getByRole('list', { name: screen.list })
      .getByRole('listitem')
      .first()
      .waitFor({ timeout: 60_000 });
    measured.push(await figuresOf(visitor.page, screen.list));
  }
  return measured;
}

/** Read in the page, on its own clock: nothing of the debugger's way there and back is in it. */
function figuresOf(page: Page, list: string): Promise<Measured> {
  return page.evaluate((name) => {
    const { __seen, __blocked } = globalThis as unknown as Watched;
    const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN;
    const at = __seen.get(name);
    if (at === undefined) throw new Error('The list was not seen coming.');
    return { list: at, firstPaint: paint, blocked: __blocked(at) };
  }, list);
}

type Watched = {
  __seen: Map<string, number>;
  /** Sum of what tasks took beyond 50 ms each, from the first paint until then. */
  __blocked: (until: number) => number;
};

/** Runs in the page before anything else: when which list got its first row, and how long tasks were. */
function watchTasks(): void {
  const seen = new Map<string, number>();
  const tasks: PerformanceEntry[] = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({
    type: 'longtask',
    buffered: true,
  });
  const look = () => {
    for (const list of document.querySelectorAll('[role=list][aria-label]')) {
      const name = list.getAttribute('aria-label') ?? '';
      if (!seen.has(name) && list.querySelector('[role=listitem]')) {
        seen.set(name, 0);
        // What was drawn is on screen with the next frame.
        requestAnimationFrame(() => requestAnimationFrame(() => seen.set(name, performance.now())));
      }
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  Object.assign(globalThis, {
    __seen: seen,
    __blocked: (until: number) => {
      const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
      const counted = tasks.filter(({ startTime }) => startTime >= paint && startTime < until);
      return counted.reduce((sum, { duration }) => sum + Math.max(0, duration - 50), 0);
    },
  });
}
