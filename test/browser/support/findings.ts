import type { Page } from 'playwright-core';
import { accessibilityOf } from './visitor.ts';

/** What axe finds in both themes, and what is wider than the screen, at both widths. */
export async function findings(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    for (const finding of await accessibilityOf(page)) found.push(`${width}: ${finding}`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0) found.push(`${width}: ${over} px wider than the screen`);
  }
  return found;
}
