/** What a test sees of the kiosk's page, and where it reaches it. */
import type { Page } from 'playwright-core';

/** What hangs on the rail, in order: the garments’ numbers. */
export const rail = (page: Page): Promise<string[]> =>
  page.locator('ld-design ld-rail li').evaluateAll(items => items.map(item => (item as HTMLElement).dataset.key ?? ''));
export const dial = (page: Page, index: number) => page.locator(`ld-dial[data-dial="${index}"]`);
/** How far a dial is turned. */
export const settingOf = (page: Page, index: number): Promise<number> =>
  dial(page, index).evaluate(element => (element as HTMLElement & { value: number }).value);
/** The middle of what a finger takes hold of, in pixels of the page. */
export const thumb = async (page: Page, index: number): Promise<{ x: number; y: number }> => {
  const box = (await dial(page, index).locator('.thumb').boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};
/** How far each dial in sight is turned, in order. */
export const settingsOf = (page: Page): Promise<number[]> =>
  page.locator('ld-dial').evaluateAll(all => all.map(dial => (dial as HTMLElement & { value: number }).value));
/** The garment that the map's pin is on, by its number. */
export const pinOf = (page: Page): Promise<string | undefined> =>
  page.locator('ld-map-sheet').evaluate(sheet => (sheet as HTMLElement & { here: string | undefined }).here);
