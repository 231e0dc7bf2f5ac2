import type { Page } from 'playwright-core';

/** As many as a person would put up with on one page, and some. */
const MOST_STOPS = 120;

/** Goes on with Tab until what has the focus is called so. @throws Error if nothing is, or if focus can't be seen */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const stops: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; ++stop) {
    await page.keyboard.press('Tab');
    const focus = await focused(page);
    stops.push(focus.name);
    if (!name.test(focus.name)) continue;
    if (!focus.visible) throw new Error(`“${focus.name}” has the focus, and nobody can see that.`);
    return;
  }
  throw new Error(`Tab never reaches ${name}. It stops at: ${[...new Set(stops)].join(' | ')}`);
}

export async function pressOn(page: Page, name: RegExp, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

function focused(page: Page): Promise<{ readonly name: string; readonly visible: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement;
    // Past the last stop it is the page itself, whose text would answer to any name.
    if (!(element instanceof HTMLElement) || element === document.body) return { name: '', visible: false };
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const name =
      element.getAttribute('aria-label') ??
      labels.map(({ textContent }) => textContent).find(Boolean) ??
      element.textContent ??
      '';
    const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element);
    const outlined = outlineStyle !== 'none' && outlineWidth !== '0px';
    // Fields show it in the colour of their border.
    const field = element instanceof HTMLInputElement && borderColor !== '';
    return { name: name.trim(), visible: outlined || boxShadow !== 'none' || field };
  });
}
