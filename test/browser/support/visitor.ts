import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { TestWallet } from './wallet.ts';

/** A person at a browser: one context, one wallet, one page, and a list of everything that went wrong in it. */
export type Visitor = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly wallet: TestWallet;
  /** Console errors, policy violations, requests to other origins. Must stay empty. */
  readonly complaints: string[];
  readonly goto: (path: string) => Promise<void>;
  readonly button: (name: string | RegExp) => Locator;
  readonly heading: (name: string | RegExp) => Locator;
  readonly click: (name: string | RegExp) => Promise<void>;
  readonly connect: () => Promise<void>;
};

export type VisitorOptions = {
  readonly browser: Browser;
  readonly url: string;
  readonly wallet: TestWallet;
  readonly context?: Parameters<Browser['newContext']>[0];
};

/** Not the network: the page's own bytes, and the parts of the browser's PDF viewer. */
const OWN_PROTOCOLS = ['data:', 'blob:', 'about:', 'chrome:', 'chrome-extension:', 'chrome-untrusted:'];

export async function newVisitor({
  browser,
  url,
  wallet,
  context: options,
}: VisitorOptions): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const complaints: string[] = [];
  await context.exposeBinding('__violation', (_, text: string) => {
    complaints.push(`policy violation: ${text}`);
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as unknown as { __violation: (text: string) => void }).__violation;
      report(
        `${event.violatedDirective} ${event.blockedURI} ${event.sample} ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
  await wallet.install(context);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  const origin = new URL(url).origin;
  context.on('request', (request) => {
    const asked = new URL(request.url());
    if (OWN_PROTOCOLS.includes(asked.protocol)) return;
    if (asked.origin !== origin) complaints.push(`request to ${asked.protocol}//${asked.host}`);
  });
  page.setDefaultTimeout(20_000);

  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const goto = async (path: string) => {
    await page.goto(`${url}${path}`, { waitUntil: 'load' });
  };
  return {
    page,
    context,
    wallet,
    complaints,
    goto,
    button,
    heading: (name) => page.getByRole('heading', { name }),
    click: (name) => button(name).click(),
    async connect() {
      await goto('/connect');
      await button('Connect with Test Wallet').click();
      await wallet.approve('connect');
      await page.getByRole('heading', { name: 'Connected' }).waitFor();
    },
  };
}

/** What axe finds against WCAG 2.2 AA, in light and in dark, one line a finding. */
export async function accessibilityOf(page: Page): Promise<string[]> {
  const findings: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .setLegacyMode(true)
      .analyze();
    for (const { id, nodes } of violations) {
      for (const { html, failureSummary } of nodes) {
        findings.push(
          `${colorScheme}, ${id}: ${html.slice(0, 160)}: ${failureSummary?.split('\n')[1]?.trim()}`,
        );
      }
    }
  }
  return findings;
}

/** Waits until fonts and transitions are done: colours in between are nobody's. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.allSettled(
      document
        .getAnimations()
        .filter((a) => a.effect?.getTiming().iterations !== Number.POSITIVE_INFINITY)
        .map((a) => a.finished),
    );
  });
}
