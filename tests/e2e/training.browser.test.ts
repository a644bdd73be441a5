import type { Locator } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.mjs';
import { startServer } from '../../electron/serve.ts';
import type { RunningServer } from '../../electron/serve.ts';
import { openStore } from '../../electron/store/open.ts';
import { useBrowserStudio } from './browser-studio.ts';
import type { StudioPage } from './studio-page.ts';

/** A machine that is busy takes its time. */
const patience = { timeout: 120_000 };
const soon = <T>(look: () => Promise<T>) => expect.poll(look, patience);

const chromium = findChromium();

describe.skipIf(chromium === null)(
  `trainings watched, queued and compared${chromium === null ? ' (left out: no Chromium here)' : ''}`,
  () => {
    let server: RunningServer;
    let studio: StudioPage;
    let heard: readonly string[];

    const open = useBrowserStudio(chromium);
    beforeEach(async () => {
      ({ server, studio, heard } = open());
      await studio.makeSample(300);
      await studio.extract();
      await studio.split();
      await studio.next('train');
    });

    const card = (state: string): Locator =>
      studio.page.locator(`[data-testid="job-card"][data-state="${state}"]`);
    const rowsIn = (state: string): Promise<number> =>
      studio.page.locator(`[data-testid="run-row"][data-state="${state}"]`).count();

    /** Step that a chart's description says it has come to. */
    async function stepOf(chart: string): Promise<number> {
      const words = await studio.at(chart).locator('p[id$="-about"]').textContent();
      return Number(/step ([\d,]+)/i.exec(words ?? '')?.[1]?.replaceAll(',', '') ?? Number.NaN);
    }

    it('shows both losses move, survives a pause and a restart, and keeps the best', async () => {
      await studio.at('way-new').click();
      await studio.planTraining({ methods: ['step-by-step'], steps: 5_000 });
      await studio.at('wizard-next').click();
      await card('running').waitFor(patience);

      const chart = studio.at('loss-chart');
      await chart.waitFor(patience);
      expect(await chart.textContent()).toMatch(/Label loss.*Rationale loss/is);
      const first = await stepOf('loss-chart');
      expect(first).toBeGreaterThan(0);
      await soon(() => stepOf('loss-chart')).toBeGreaterThan(first + 3);

      await card('running')
        .getByRole('button', { name: /^Pause/ })
        .click();
      await card('paused').waitFor(patience);
      const stood = await stepOf('loss-chart');

      const { workspace } = server;
      await server.close();
      const again = await startServer({ workspace });
      try {
        await studio.page.goto(again.url);
        await studio.page
          .getByRole('link', { name: /sample/i })
          .first()
          .click();
        await studio.goTo('train');
        await card('paused').waitFor(patience);
        expect(await stepOf('loss-chart')).toBe(stood);
        await card('paused')
          .getByRole('button', { name: /^Resume/ })
          .click();
        await soon(() => stepOf('loss-chart')).toBeGreaterThan(stood);
        await studio.at('keep-best').click();
        await studio.at('confirm-keep').click();
        await soon(() => rowsIn('succeeded')).toBe(1);
        await studio.at('run-end').waitFor();
        expect(await studio.at('run-end').textContent()).toMatch(/best/i);
      } finally {
        await again.close();
      }
      // What was kept is what the store says, and the test part was never looked at for it.
      const store = openStore(`${workspace}/studio.sqlite`);
      try {
        const [project] = store.projects.list();
        const [run] = store.runs.list(project?.id ?? '');
        expect(run?.ended?.reason).toBe('kept-best');
        expect(run?.bestStep).toBeGreaterThan(0);
        const points = store.runs.metrics(run?.id ?? '', 0);
        expect(points.map(({ step }) => step)).toEqual(points.map((_, index) => index + 1));
        expect(points.every(({ rationaleLoss }) => rationaleLoss !== null)).toBe(true);
        expect(store.splits.list(project?.id ?? '')[0]?.looks).toBe(0);
      } finally {
        store.close();
      }
      expect(heard.filter((line) => !/Failed to load resource|ERR_/.test(line))).toEqual([]);
    });

    it('trains two runs one after another, in the order that was chosen', async () => {
      await studio.at('way-new').click();
      await studio.planTraining({ methods: ['step-by-step', 'finetune', 'distill'], steps: 400 });
      await studio.at('wizard-next').click();
      await studio.at('queue').waitFor(patience);
      await soon(() => studio.at('queued').count()).toBe(2);
      const waiting = () => studio.at('queued').allTextContents();
      const before = await waiting();
      await studio
        .at('queued')
        .nth(1)
        .getByRole('button', { name: /up|earlier/i })
        .click();
      await soon(async () => (await waiting())[0]?.includes('distill')).toBe(true);
      expect(before[0]).toContain('finetune');

      await card('running')
        .getByRole('button', { name: /^Cancel/ })
        .click();
      await studio.at('confirm-cancel').click();
      await soon(async () => studio.at('queue-now').textContent()).toContain('distill');
      expect(heard).toEqual([]);
    });

    it('bakes methods off and opens the result', async () => {
      await studio.at('way-bake-off').click();
      for (const arm of [
        'step-by-step-teacher',
        'rationale-input-gold',
        'rationale-input-teacher',
      ]) {
        await studio.at(`arm-${arm}`).setChecked(false);
      }
      for (const arm of ['single-task-gold', 'single-task-teacher', 'distill-teacher']) {
        await studio.at(`arm-${arm}`).setChecked(false);
      }
      await studio.at('wizard-next').click();
      await studio.at('seed-count').fill('2');
      await studio.at('seed-count').blur();
      await studio.at('wizard-next').click();
      await studio.at('choice-micro').waitFor();
      await studio.at('wizard-next').click();
      await studio.at('run-steps').fill('6');
      await studio.at('run-steps').blur();
      await studio.at('wizard-next').click();
      await studio.at('wizard-next').click();
      await studio.at('planned-runs').getByText('4').waitFor(patience);
      await studio.at('start-study').click();
      await studio.at('study').waitFor(patience);
      await studio.at('study-cell').nth(1).waitFor({ timeout: 300_000 });
      await studio.at('study-incomplete').waitFor({ state: 'detached', timeout: 300_000 });
      expect(await studio.at('study-cell').count()).toBe(2);
      expect(await studio.at('study-pair').count()).toBe(1);
      // Six steps teach nothing: no gap may be called real.
      expect(await studio.at('study-verdict').textContent()).toMatch(/single row right|proven/i);
      expect(await studio.at('study-pair').textContent()).not.toMatch(/(better|worse) by/i);
      expect(await studio.at('looks').textContent()).toMatch(/looked at (once|\d+ times)/i);
      expect(heard).toEqual([]);
    });
  },
);
