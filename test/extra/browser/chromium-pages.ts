import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromiumPath, startChromium } from '../../support/chromium';
import { needs } from '../needs';

export const viewFolder = join(__dirname, '../../../dist/view');
export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const screenshots = join(__dirname, '../../../out/screenshots');

/** Saves a screenshot for review: out/screenshots/NAME.png. */
export const keepScreenshot = async (page: Page, name: string): Promise<void> =>
  void (await page.screenshot({ path: join(screenshots, `${name}.png`) }));

export interface ChromiumPages {
  readonly browser: Browser;
  /** A page of its own, closed after the test. */
  open(url: string, options?: BrowserContextOptions & { readonly beforehand?: (page: Page) => Promise<unknown> }): Promise<Page>;
  /** Uncaught errors of this test's pages, and errors on their consoles with the address they are about. */
  readonly errors: string[];
}

/** One browser for all tests of a file; to be called once, at its top. */
export function chromiumPages(): ChromiumPages {
  let browser: Browser | undefined;
  const errors: string[] = [];
  const pages: Page[] = [];
  const running = (): Browser => {
    if (!browser) throw new Error('Expected a running browser: only tests have one');
    return browser;
  };

  beforeAll(async () => {
    needs({ check: `test -x ${chromiumPath}`, install: 'chromium' });
    mkdirSync(screenshots, { recursive: true });
    browser = await startChromium();
  }, 60_000);
  afterAll(() => browser?.close());
  beforeEach(() => void errors.splice(0));
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.context().close()));
  });

  return {
    errors,
    get browser() {
      return running();
    },
    async open(url, { beforehand, ...options } = {}) {
      const context = await running().newContext({ viewport: { width: 1500, height: 900 }, ...options });
      const page = await context.newPage();
      pages.push(page);
      page.on('console', (message) => message.type() === 'error' && errors.push(`${message.text()} ${message.location().url}`.trim()));
      page.on('pageerror', (error) => errors.push(String(error)));
      await beforehand?.(page);
      await page.goto(url);
      return page;
    },
  };
}

/** Resolves once a canvas shows this. */
export async function shows(
  page: Page,
  canvas: string,
  name: 'frame' | 'mask' | 'area',
  value: string | RegExp,
  withinMs = 15_000,
): Promise<void> {
  const wanted = typeof value === 'string' ? `^${value}$` : value.source;
  await page.waitForFunction(
    ([id, key, pattern]) => new RegExp(pattern).test(document.getElementById(id)?.dataset[key] ?? 'no canvas'),
    [canvas, name, wanted] as const,
    { timeout: withinMs },
  );
}
