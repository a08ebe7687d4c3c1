/** What a person would see at a glance and a program does not: scrolling, cut words, things on top of each other, small targets. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

interface Found {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Runs in the page. Looks at what is open on top: a dialog if there is one, else everything. */
function look(target: number): string[] {
  const every = (root: ParentNode): Element[] =>
    [...root.querySelectorAll('*')].flatMap(element => [
      element,
      ...(element.shadowRoot ? every(element.shadowRoot) : []),
    ]);
  const all = every(document);
  const dialog = all.find(element => element instanceof HTMLDialogElement && element.open);
  const onTop = dialog === undefined ? all : every(dialog);
  const parent = (element: Element): Element | null =>
    element.parentElement ??
    (element.getRootNode() instanceof ShadowRoot ? (element.getRootNode() as ShadowRoot).host : null);
  const ancestors = (element: Element): Element[] => {
    const up = parent(element);
    return up === null ? [] : [up, ...ancestors(up)];
  };
  const scrolls = (element: Element): boolean => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const wide = overflowX === 'auto' && element.scrollWidth > element.clientWidth;
    const tall = overflowY === 'auto' && element.scrollHeight > element.clientHeight;
    return wide || (tall && (element instanceof HTMLDialogElement || element instanceof HTMLUListElement));
  };
  const inStrip = (element: Element): boolean => ancestors(element).some(scrolls);
  const isSeen = (element: Element): boolean =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.closest('.unseen') === null;
  const place = (name: string, box: DOMRect): Found => ({
    name,
    left: box.left,
    top: box.top,
    right: box.right,
    bottom: box.bottom,
  });
  /** What a finger finds of it: of what lies in a strip that scrolls, the rest is under the strip's edge. */
  const inSight = (element: Element, { name, ...box }: Found): Found[] => {
    const edges = [
      box,
      ...ancestors(element)
        .filter(scrolls)
        .map(up => up.getBoundingClientRect()),
    ];
    const left = Math.max(...edges.map(edge => edge.left));
    const right = Math.min(...edges.map(edge => edge.right));
    const top = Math.max(...edges.map(edge => edge.top));
    const bottom = Math.min(...edges.map(edge => edge.bottom));
    return left < right && top < bottom ? [{ name, left, right, top, bottom }] : [];
  };
  const faults: string[] = [];

  const page = document.scrollingElement!;
  if (page.scrollHeight > innerHeight || page.scrollWidth > innerWidth) {
    faults.push(`the page scrolls: ${page.scrollWidth} x ${page.scrollHeight} on ${innerWidth} x ${innerHeight}`);
  }

  const words: (Found & { readonly element: Element })[] = [];
  for (const element of onTop.filter(isSeen)) {
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || node.textContent!.trim() === '') continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const name = `"${node.textContent!.trim()}"`;
      const box = range.getBoundingClientRect();
      if (box.width === 0) continue;
      words.push({ ...place(name, box), element });
      if (
        !inStrip(element) &&
        (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      ) {
        faults.push(`${name} leaves the screen`);
      }
      for (const up of [element, ...ancestors(element)]) {
        // Beyond a strip that scrolls, words wait to be scrolled to.
        if (scrolls(up)) break;
        const style = getComputedStyle(up);
        if (style.display === 'inline' || style.overflow === 'visible') continue;
        const clip = up.getBoundingClientRect();
        if (
          box.left < clip.left - 1 ||
          box.right > clip.right + 1 ||
          box.top < clip.top - 4 ||
          box.bottom > clip.bottom + 4
        ) {
          faults.push(`${name} is cut by ${up.localName}.${up.className}`);
        }
      }
      const held = element.closest('button, .tag');
      if (held !== null) {
        const around = held.getBoundingClientRect();
        if (box.left < around.left - 1 || box.right > around.right + 1 || box.bottom > around.bottom + 4) {
          faults.push(`${name} leaves its ${held.className || held.localName}`);
        }
      }
    }
  }

  const onEachOther = (list: readonly Found[], what: string): void => {
    for (const [at, one] of list.entries()) {
      for (const other of list.slice(at + 1)) {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        // A line of text is taller than its letters.
        if (across > 1 && down > (what === 'text' ? 6 : 1)) faults.push(`${what} ${one.name} lies on ${other.name}`);
      }
    }
  };
  onEachOther(
    words.flatMap(word => inSight(word.element, word)),
    'text',
  );

  const buttons = onTop
    .filter(element => element instanceof HTMLButtonElement && isSeen(element))
    .map(element => ({
      element,
      ...place(element.getAttribute('aria-label') ?? element.textContent!.trim(), element.getBoundingClientRect()),
    }));
  onEachOther(
    buttons.flatMap(button => inSight(button.element, button)),
    'button',
  );
  for (const { name, left, right, top, bottom } of buttons) {
    if (right - left < target - 0.5 || bottom - top < target - 0.5) {
      faults.push(
        `button ${name} is ${Math.round(right - left)} x ${Math.round(bottom - top)} px, less than ${target}`,
      );
    }
  }
  return faults;
}

/** Until nothing slides or fades any more: on its way a hanger lies on its neighbour, and rightly. */
async function still(page: Page): Promise<void> {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(animation => animation.finished)));
}

/** Everything that is wrong with how the page looks, each in a few words; empty where nothing is. */
export async function layoutFaults(page: Page, target = 81): Promise<string[]> {
  await still(page);
  return await page.evaluate(look, target);
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

declare global {
  interface Window {
    axe: {
      configure(options: object): void;
      run(): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[] }>;
    };
  }
}

/** What axe finds on the page as it is now, each with its rule and place; empty where it finds nothing. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  await still(page);
  return await page.evaluate(async () => {
    // Joined Arabic letters are no icons of an icon font, of which there is none here: all of what is seen must be in the name.
    const options = { pixelThreshold: 1, occurrenceThreshold: 1_000_000 };
    window.axe.configure({ checks: [{ id: 'label-content-name-mismatch', options }] });
    const { violations } = await window.axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${JSON.stringify(target)}: ${failureSummary}`),
    );
  });
}
