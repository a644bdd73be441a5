import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.mjs';
import type { RunningServer } from '../../electron/serve.ts';
import { temporaryFolder } from '../unit/ipc/support.ts';
import { useBrowserStudio } from './browser-studio.ts';
import { tinyRows } from './rows.ts';
import { startTeacher } from './teacher-server.ts';
import { StudioPage, complaints } from './studio-page.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const chromium = findChromium();
const question = 'A shelf holds 12 books. Mara puts 5 more on it. How many books are there?';

/** Pixels by which the page itself is taller than the window. */
const pageOverflow = (studio: StudioPage): Promise<number> =>
  studio.page.evaluate(() => {
    const { scrollHeight, clientHeight } = document.documentElement;
    return scrollHeight - clientHeight;
  });

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
  await studio.compare(3);
  expect(await studio.at('score-student').count()).toBe(3);
  expect(await studio.at('score-teacher').count()).toBe(1);
  expect(await studio.at('verdict').textContent()).toMatch(/margin of error of these rows/);
  expect(await pageOverflow(studio), 'only the step scrolls, not the page').toBe(0);
  await studio.exportStudent();
  expect(await studio.at('export-proof').textContent()).toMatch(/: (\d+) of \1 validation rows/);
  expect(await studio.ask(question)).toContain('Label');
}

describe.skipIf(chromium === null)(
  `the app in a browser${chromium === null ? ' (left out: no Chromium here)' : ''}`,
  () => {
    let browser: Browser;
    let server: RunningServer;
    let studio: StudioPage;
    let heard: readonly string[];

    const open = useBrowserStudio(chromium);
    beforeEach(() => {
      ({ browser, server, studio, heard } = open());
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
      await studio.upload('sums.csv', csv.join('\n'));
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
      await studio.upload('empty.csv', '');
      await studio.at('failure').waitFor();
      expect(await studio.at('failure').textContent()).toContain('empty.csv');
      await studio.upload('good.csv', 'input,label\na,b\n');
      await studio.at('inspection').waitFor();
      expect(heard).toEqual([]);
    });

    it('puts a row together from two columns, and shows markup in it as text', async () => {
      const markup = '<img src=x onerror=alert(1)>';
      const rows = tinyRows(8).map((row, index) => `Shelf ${index},${row.input},${row.label}`);
      await studio.at('start-own').click();
      await studio.upload('two.csv', ['head,body,sum', `${markup},Boo,1`, ...rows].join('\n'));
      await studio.at('inspection').waitFor();
      await studio.at('wizard-next').click();
      await studio.at('choice-arithmetic').check();
      await studio.at('wizard-next').click();
      await studio.at('use-template').check();
      await studio.at('template').fill('{head}: {body}');
      await studio.at('map-label').selectOption({ label: 'sum' });
      await studio.at('mapped-rows').getByText(`${markup}: Boo`).waitFor();
      await studio.at('wizard-next').click();
      await studio.at('choice-train').check();
      await studio.at('wizard-next').click();
      await studio.at('examples').getByText(`${markup}: Boo`).waitFor();
      expect(await studio.at('datasets').textContent()).toMatch(/two\.csv.*Train/s);
      expect(await studio.page.locator('main img').count()).toBe(0);
      expect(heard).toEqual([]);
    });

    it('asks an endpoint again after its error, and every row once', async () => {
      const teacher = await startTeacher({
        answer: (_, count) => (count === 1 ? 500 : 'Both are small. The answer is (1 + 1).'),
      });
      try {
        const csv = tinyRows(6).map((row) => `"${row.input}",${row.label}`);
        await studio.at('start-own').click();
        await studio.upload('sums.csv', ['input,label', ...csv].join('\n'));
        await studio.at('inspection').waitFor();
        await studio.finishWizard();
        await studio.next('teacher');
        await studio.nameTeacher({ name: 'Local', url: teacher.url, model: 'tiny' });
        await studio.finishWizard();
        await studio.at('next-rationales').waitFor();
        await studio.at('extractions').getByText('6 / 6').waitFor();
        expect(teacher.asked()).toBe(7);
        expect(heard).toEqual([]);
      } finally {
        await teacher.close();
      }
    });

    it('pauses a training, keeps it over a reload, and goes on', async () => {
      await studio.makeSample(300);
      await studio.extract();
      await studio.split();
      await studio.next('train');
      await studio.at('way-new').click();
      await studio.planTraining({ methods: ['step-by-step'], steps: 40 });
      await studio.at('wizard-next').click();
      const card = studio.at('job-card');
      await card.getByText(/working · [1-9]/).waitFor();
      await card.getByRole('button', { name: /^Pause/ }).click();
      const paused = studio.page.locator('[data-testid="job-card"][data-state="paused"]');
      await paused.waitFor();
      const stood = await paused.getByText(/of 40 steps/).textContent();
      await studio.page.reload();
      await paused.waitFor();
      expect(await paused.getByText(/of 40 steps/).textContent()).toBe(stood);
      await paused.getByRole('button', { name: /^Resume/ }).click();
      await studio.at('next-compare').waitFor({ timeout: 120_000 });
      expect(await studio.at('run-row').getAttribute('data-state')).toBe('succeeded');
      expect(heard).toEqual([]);
    });

    it('is used by keyboard alone, from the sample to the teacher’s answers', async () => {
      const { keyboard } = studio.page;
      await studio.at('start-sample').waitFor();
      await studio.tabTo('sample-rows');
      await keyboard.press('Home');
      await keyboard.press('Shift+Tab');
      await keyboard.press('Enter');
      await studio.at('row-count').waitFor();
      expect(await studio.at('row-count').textContent()).toContain('300');
      await studio.tabTo('next-teacher');
      await keyboard.press('Enter');
      await studio.at('choice-practice').waitFor();
      await studio.tabTo('wizard-next');
      await keyboard.press('Enter');
      await studio.at('choice-pilot').waitFor();
      await studio.tabTo('start-extraction');
      await keyboard.press('Enter');
      await studio.at('next-rationales').waitFor({ timeout: 120_000 });

      await studio.page.goto(new URL('/', server.url).href);
      const remove = studio.page.getByRole('button', { name: /^Remove/ });
      await remove.focus();
      await keyboard.press('Enter');
      await studio.at('confirm-remove').waitFor();
      for (let presses = 0; presses < 5; presses += 1) {
        await keyboard.press('Tab');
        // Past its last control, a modal dialog leaves the page for the browser's own bar: the body.
        const holder = await studio.page.evaluate(
          () => document.activeElement?.closest('dialog, body')?.tagName,
        );
        const within = await studio.page.evaluate(() => document.activeElement?.tagName);
        expect(holder === 'DIALOG' || within === 'BODY').toBe(true);
      }
      await keyboard.press('Escape');
      await studio.at('confirm-remove').waitFor({ state: 'detached' });
      expect(await remove.evaluate((button) => button === document.activeElement)).toBe(true);
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
