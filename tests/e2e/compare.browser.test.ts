import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.mjs';
import { evaluateExpression } from '../../electron/core/expression.ts';
import type { RunningServer } from '../../electron/serve.ts';
import { openReader } from '../../electron/store/open.ts';
import type { Store } from '../../electron/store/store.ts';
import { useBrowserStudio } from './browser-studio.ts';
import type { StudioPage } from './studio-page.ts';

/** A machine that is busy takes its time. */
const patience = { timeout: 120_000 };
const soon = <T>(look: () => Promise<T>) => expect.poll(look, patience);

const chromium = findChromium();

describe.skipIf(chromium === null)(
  `teacher and students compared${chromium === null ? ' (left out: no Chromium here)' : ''}`,
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
      await studio.at('way-new').click();
      await studio.planTraining({ methods: ['step-by-step', 'finetune'], steps: 60 });
      await studio.at('wizard-next').click();
      await studio.at('next-compare').waitFor(patience);
      await studio.compare(2);
    });

    const view = (name: string): Promise<void> => studio.at(`tab-${name}`).click();
    const text = async (place: Locator): Promise<string> => (await place.textContent()) ?? '';
    const rowsFound = async (): Promise<number> =>
      Number(/[\d,]+/.exec(await text(studio.at('rows-found')))?.[0].replaceAll(',', '') ?? -1);

    /** What is saved at this moment, and the only project. */
    function saved<T>(read: (store: Store, projectId: string) => T): T {
      const store = openReader(join(server.workspace, 'studio.sqlite'));
      try {
        return read(store, store.projects.list()[0]?.id ?? '');
      } finally {
        store.close();
      }
    }

    it('says what the rows show, side by side, by slices, judged, asked and reported', async () => {
      // Scores: a verdict in words, and no look counted twice for going back and forth.
      expect(await text(studio.at('verdict'))).toMatch(/rows/);
      await studio.at('calibration').waitFor(patience);
      expect(await text(studio.at('practice-notice'))).toMatch(/practice/i);
      const looks = () => saved((store, id) => store.splits.list(id).map((split) => split.looks));
      // Students' scores were there one after another; from now on nothing new is to be seen.
      const looked = looks();
      expect(looked[0]).toBeGreaterThan(0);

      // Side by side: a filter finds what saved rows say, and a note stays.
      await view('rows');
      await soon(rowsFound).toBe(30);
      await studio.at('filter-disagree').click();
      const differing = saved((store, id) => {
        const [split] = store.splits.list(id);
        const [extraction] = store.extractions.list(id);
        if (!split || !extraction) throw new Error('nothing was saved');
        const said = new Map<number, Set<string | number | null>>();
        const take = (rows: Iterable<{ exampleId: number; label: string | null }>): void => {
          for (const { exampleId, label } of rows) {
            // Expressions of one value are one answer.
            const answer = label === null ? null : (evaluateExpression(label) ?? label);
            said.set(exampleId, (said.get(exampleId) ?? new Set()).add(answer));
          }
        };
        take(store.answers.ofTeacher(extraction.id, split.id, 'test'));
        for (const { id: evaluation } of store.evaluations.complete(split.id, 'test')) {
          take(store.answers.ofEvaluation(evaluation));
        }
        return [...said.values()].filter((labels) => labels.size > 1).length;
      });
      expect(differing).toBeGreaterThan(0);
      await soon(rowsFound).toBe(differing);
      await studio.at('reset-filters').click();
      await soon(rowsFound).toBe(30);
      await studio.at('compared-rows').getByRole('row').nth(1).click();
      await studio.at('row-detail').waitFor(patience);
      expect(await studio.at('system-card').count()).toBe(3);
      await studio.at('note').fill('asks for two things at once');
      await soon(() =>
        Promise.resolve(
          saved((store, id) => {
            const [split] = store.splits.list(id);
            return split
              ? store.answers.rows(split.id, 'test').filter((row) => row.noted).length
              : 0;
          }),
        ),
      ).toBe(1);
      await studio.at('filter-noted').click();
      await soon(rowsFound).toBe(1);

      // Slices: each group leads to its rows.
      await view('slices');
      await studio.at('group-length').waitFor(patience);
      await studio.at('group-length').getByRole('button').first().click();
      await studio.at('rows-found').waitFor(patience);
      await soon(rowsFound).toBeLessThan(30);

      // Judging by keyboard: who wrote what is not told before it is asked for.
      await view('judge');
      await studio.at('judge-pair').waitFor(patience);
      await studio.at('judge-pair').click();
      for (const key of ['1', '2', '4']) {
        const before = await text(studio.at('judge-progress'));
        await studio.page.keyboard.press(key);
        await soon(() => text(studio.at('judge-progress'))).not.toBe(before);
      }
      await studio.page.keyboard.press('u');
      await soon(() => text(studio.at('judge-progress'))).toMatch(/^2\b|\b2 of/);
      expect(await studio.at('judge-result').count()).toBe(0);
      await studio.at('judge-reveal').click();
      await studio.at('judge-result').waitFor(patience);
      expect(
        saved((store, id) => store.judgements.pairs(id).map((pair) => store.judgements.list(pair))),
      ).toMatchObject([[{}, {}]]);

      // Playground: the practice teacher and a student answer the same question.
      await view('playground');
      await studio.at('playground-input').fill('Mina has 12 apples and buys 30 more. How many?');
      await studio.at('playground-ask').click();
      await soon(() => studio.at('playground-label').count()).toBeGreaterThanOrEqual(2);
      expect(await studio.at('playground-failure').count()).toBe(0);
      expect(await text(studio.at('playground-round').first())).toMatch(/practice/i);

      // Cost: a teacher without a price is asked for one, and break-even follows.
      await view('money');
      await studio.at('costs').waitFor(patience);

      // The report: one file that needs nothing else.
      await view('report');
      await studio.at('report-start').click();
      await studio.at('reports').waitFor(patience);
      const [report] = saved((store, id) => store.resultFiles.reports(id));
      const html = readFileSync(report?.html.path ?? '', 'utf8');
      expect(html).toMatch(/^<!doctype html>/i);
      expect(html).not.toMatch(/<script|src="http|href="http/i);
      expect(JSON.parse(readFileSync(report?.json.path ?? '', 'utf8'))).toHaveProperty('format');

      expect(looks(), 'nothing new was seen').toEqual(looked);
      expect(heard).toEqual([]);
    }, 600_000);
  },
);
