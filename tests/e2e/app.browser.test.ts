import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.mjs';
import { startServer } from '../../electron/serve.ts';
import type { RunningServer } from '../../electron/serve.ts';
import { temporaryFolder } from '../unit/ipc/support.ts';
import { tinyRows } from './rows.ts';
import { StudioPage, complaints, launch } from './studio-page.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const chromium = findChromium();
const question = 'A shelf holds 12 books. Mara puts 5 more on it. How many books are there?';

/** The whole job by clicking only: sample project, teacher, split, three trainings, comparison, export. */
async function walk(studio: StudioPage): Promise<void> {
  await studio.makeSample(300);
  expect(await studio.at('row-count').textContent()).toContain('300');
  await studio.extract();
  await studio.split();
  await studio.train(8);
  expect(await studio.page.locator('[data-testid="run-row"][data-state="succeeded"]').count()).toBe(
    3,
  );
  await studio.compare();
  expect(await studio.at('score-student').count()).toBe(3);
  expect(await studio.at('score-teacher').count()).toBe(1);
  expect(await studio.at('verdict').textContent()).toMatch(/test rows/);
  await studio.exportStudent();
  expect(await studio.at('export-proof').textContent()).toMatch(/30 of 30/);
  expect(await studio.ask(question)).toContain('Label');
}

describe.skipIf(chromium === null)(
  `the app in a browser${chromium === null ? ' (left out: no Chromium here)' : ''}`,
  () => {
    let browser: Browser;
    let context: BrowserContext;
    let server: RunningServer;
    let place: { folder: string; remove: () => void };
    let studio: StudioPage;
    let heard: string[];

    beforeAll(async () => {
      expect(existsSync(at('../../out/renderer/index.html')), 'npm run build comes first').toBe(
        true,
      );
      browser = await launch(chromium ?? '');
    });
    afterAll(() => browser.close());

    beforeEach(async () => {
      place = temporaryFolder();
      server = await startServer({ workspace: join(place.folder, 'workspace') });
      context = await browser.newContext({
        locale: 'en-US',
        colorScheme: 'light',
        viewport: { width: 1280, height: 800 },
      });
      const page = await context.newPage();
      heard = complaints(page);
      studio = new StudioPage(page);
      await page.goto(server.url);
    });
    afterEach(async () => {
      await context.close();
      await server.close();
      place.remove();
    });

    it('goes from the sample project to an exported student', async () => {
      expect(new URL(studio.page.url()).search).toBe('');
      await walk(studio);
      const [folder] = readdirSync(join(server.workspace, 'exports'));
      const written = readdirSync(join(server.workspace, 'exports', folder ?? ''));
      expect(written).toEqual(expect.arrayContaining(['config.json', 'model.safetensors']));
      expect(heard).toEqual([]);
    });

    it('imports an uploaded file, and leaves no copy of it behind', async () => {
      const rows = tinyRows(30);
      const csv = ['id,input,label', ...rows.map((row) => `${row.id},"${row.input}",${row.label}`)];
      await studio.at('start-own').click();
      await studio.at('file-input').setInputFiles({
        name: 'sums.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(csv.join('\n')),
      });
      await studio.at('inspection').waitFor();
      expect(await studio.at('inspection').textContent()).toContain(rows[0]?.input);
      await studio.finishWizard();
      await studio.at('row-count').waitFor();
      expect(await studio.at('row-count').textContent()).toContain('30');
      expect(await studio.at('datasets').textContent()).toContain('sums.csv');
      await expect.poll(() => readdirSync(join(server.workspace, 'incoming'))).toEqual([]);
      expect(heard).toEqual([]);
    });

    it('says what is wrong with a file, and goes on with the next', async () => {
      await studio.at('start-own').click();
      const file = (name: string, text: string) => ({
        name,
        mimeType: 'text/csv',
        buffer: Buffer.from(text),
      });
      await studio.at('file-input').setInputFiles(file('empty.csv', ''));
      await studio.at('failure').waitFor();
      expect(await studio.at('failure').textContent()).toContain('empty.csv');
      await studio.at('file-input').setInputFiles(file('good.csv', 'input,label\na,b\n'));
      await studio.at('inspection').waitFor();
      expect(heard).toEqual([]);
    });

    it('keeps language, theme and place over a reload', async () => {
      await studio.makeSample(300);
      await studio.goTo('split');
      await studio.setLanguage('ko');
      await studio.setTheme('dark');
      const before = studio.page.url();
      await studio.page.reload();
      await studio.at('wizard-next').waitFor();
      expect(studio.page.url()).toBe(before);
      expect(await studio.page.evaluate(() => document.documentElement.lang)).toMatch(/^ko/);
      expect(await studio.page.title()).not.toBe('');
      expect(await studio.at('theme').inputValue()).toBe('dark');
      const background = await studio.page.evaluate(
        () => getComputedStyle(document.body).backgroundColor,
      );
      const channels =
        background
          .match(/[\d.]+/g)
          ?.slice(0, 3)
          .map(Number) ?? [];
      expect(Math.max(...channels)).toBeLessThan(100);
      expect(await studio.at('step-split').textContent()).toMatch(/\p{Script=Hangul}/u);
      await studio.setLanguage('en');
      expect(await studio.at('step-split').textContent()).toContain('Split');
      expect(heard).toEqual([]);
    });

    it('is not shown to a browser that has not opened the address', async () => {
      const stranger = await browser.newContext();
      const page = await stranger.newPage();
      const response = await page.goto(new URL('/', server.url).href);
      expect(response?.status()).toBe(401);
      expect(await page.locator('body').textContent()).toMatch(/address/);
      await stranger.close();
    });
  },
);

const electronFolder = at('../../node_modules/electron');
const electronProgram = findElectron();
const display = process.platform !== 'linux' || Boolean(process.env['DISPLAY']);
const canShow = electronProgram !== null && display && process.getuid?.() !== 0;

function findElectron(): string | null {
  const named = join(electronFolder, 'path.txt');
  const path = existsSync(named)
    ? join(electronFolder, 'dist', readFileSync(named, 'utf8').trim())
    : null;
  return path !== null && existsSync(path) ? path : null;
}

describe.skipIf(!canShow)(
  `the app in Electron${canShow ? '' : ' (left out: no Electron program, or no display for it)'}`,
  () => {
    it('goes from the sample project to an exported student', async () => {
      const place = temporaryFolder();
      const app = await _electron.launch({
        executablePath: electronProgram ?? '',
        args: [at('../..'), '--workspace', join(place.folder, 'workspace')],
      });
      const page = await app.firstWindow();
      const heard = complaints(page);
      await walk(new StudioPage(page));
      expect(heard).toEqual([]);
      await app.close();
      place.remove();
    });
  },
);
