import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.mjs';
import { renderReport } from '../../electron/stages/compare/report/html/page.ts';
import { factsOf, ground, languages } from '../unit/compare/report/support.ts';
import { temporaryFolder } from '../unit/store/workspace.ts';
import { launch } from './studio-page.ts';

const chromium = findChromium();

/** What a page asks for and says, from now on. */
function watch(page: Page): { readonly requests: string[]; readonly said: string[] } {
  const requests: string[] = [];
  const said: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  return { requests, said };
}

describe.skipIf(chromium === null)(
  `a report's file${chromium === null ? ' (left out: no Chromium here)' : ''}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch(chromium ?? '');
    });
    afterAll(() => browser.close());

    const looks = languages.flatMap((language) =>
      [1280, 390].flatMap((width) =>
        (['light', 'dark'] as const).map((colorScheme) => ({ language, width, colorScheme })),
      ),
    );

    it.each(looks)(
      'opens offline, silent and whole: $language, $width px, $colorScheme',
      async ({ language, width, colorScheme }) => {
        const long = 'word'.repeat(5_000);
        const { store, on } = ground({
          ...{ project: '<script>alert(1)</script>', input: long, label: 'bad', run: 'A run' },
          ...{ rationale: `${long} \u202Eעברית`, teacher: '"><img src=http://localhost/x>' },
        });
        const path = join(temporaryFolder(), 'report.html');
        writeFileSync(path, await renderReport(await factsOf(store, on, { language })));
        const context = await browser.newContext({
          ...{ viewport: { width, height: 900 }, colorScheme, offline: true },
        });
        const page = await context.newPage();
        const heard = watch(page);
        await page.goto(pathToFileURL(path).href);
        expect(heard).toEqual({ requests: [pathToFileURL(path).href], said: [] });
        // The style sheet is taken: its hash is the one that the policy names.
        const [sheets, overflow, dark] = await page.evaluate(() => [
          document.styleSheets.length,
          document.documentElement.scrollWidth - window.innerWidth,
          getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)',
        ]);
        expect(sheets).toBe(1);
        expect(overflow).toBeLessThanOrEqual(0);
        expect(dark).toBe(colorScheme === 'dark');
        for (const link of await page.locator('nav a').all()) {
          const id = (await link.getAttribute('href')) ?? '';
          expect(await page.locator(id).count()).toBe(1);
        }
        await context.close();
      },
    );

    it('prints in light colours on a sane number of pages', async () => {
      const { store, on } = ground();
      const path = join(temporaryFolder(), 'report.html');
      writeFileSync(path, await renderReport(await factsOf(store, on)));
      const context = await browser.newContext({ colorScheme: 'dark' });
      const page = await context.newPage();
      await page.goto(pathToFileURL(path).href);
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
      const pages = pdf.match(/\/Type \/Page\b/gu)?.length ?? 0;
      expect(pages).toBeGreaterThan(3);
      expect(pages).toBeLessThan(20);
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      const printed = await page.evaluate(() => ({
        paper: getComputedStyle(document.body).backgroundColor,
        contents: getComputedStyle(document.querySelector('nav') ?? document.body).display,
        heads: getComputedStyle(document.querySelector('thead') ?? document.body).display,
      }));
      expect(printed).toEqual({
        paper: 'rgb(255, 255, 255)',
        contents: 'none',
        heads: 'table-header-group',
      });
      await context.close();
    });
  },
);
