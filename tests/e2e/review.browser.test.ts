import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.mjs';
import type { RunningServer } from '../../electron/serve.ts';
import { openStore } from '../../electron/store/open.ts';
import { useBrowserStudio } from './browser-studio.ts';
import { messyCounts, messyCsv, miscalculates } from './messy-rows.ts';
import type { StudioPage } from './studio-page.ts';

/** A machine that is busy takes its time. */
const soon = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 20_000 });

const chromium = findChromium();

describe.skipIf(chromium === null)(
  `data in, rationales reviewed, a split${chromium === null ? ' (left out: no Chromium here)' : ''}`,
  () => {
    let server: RunningServer;
    let studio: StudioPage;
    let heard: readonly string[];

    const open = useBrowserStudio(chromium);
    beforeEach(() => {
      ({ server, studio, heard } = open());
    });

    /** Brings the table of an office in, as a project of sums with recorded completions. */
    async function importMessyFile(): Promise<void> {
      await studio.at('start-own').click();
      const file = { name: 'Übungen.csv', mimeType: 'text/csv', buffer: messyCsv() };
      await studio.at('file-input').setInputFiles(file);
      await studio.at('inspection').waitFor();
      const chosen = (testId: string) =>
        studio.at(testId).locator('option:checked').textContent({ timeout: 10_000 });
      expect(await chosen('read-encoding')).toMatch(/Windows-1252/i);
      expect(await chosen('read-delimiter')).toMatch(/semicolon/);
      await studio.at('first-rows').getByText('Zoë has 20 pens').waitFor();
      await studio.at('wizard-next').click();
      await studio.at('choice-arithmetic').check();
      await studio.at('wizard-next').click();
      await studio.at('map-label').selectOption({ label: 'sum' });
      await studio.at('more-columns').locator('summary').click();
      await studio.at('map-id').selectOption({ label: 'number' });
      await studio.at('map-completion').selectOption({ label: 'teacher' });
      await studio.at('keep').getByText('class').click();
      await studio.at('mapping-duplicates').getByText('3 rows repeat').waitFor();
      await studio.at('wizard-next').click();
      await studio.at('choice-normalised').check();
      await studio.at('wizard-next').click();
      await studio.at('row-count').waitFor();
      expect(await studio.at('card-dropped').textContent()).toContain('3');
    }

    /** Rows by what was said of them, as the screen counts them. */
    async function progress(): Promise<Record<'accepted' | 'rejected' | 'left', number>> {
      const count = async (key: string) =>
        Number((await studio.at(`progress-${key}`).textContent())?.match(/\d+/)?.[0]);
      const [accepted, rejected, left] = [
        await count('accepted'),
        await count('rejected'),
        await count('left'),
      ];
      return { accepted, rejected, left };
    }

    it('imports a messy file, reviews by keyboard alone, undoes a bulk reject, freezes by template', async () => {
      const { keyboard } = studio.page;
      await importMessyFile();
      await studio.extract();
      await studio.next('rationales');
      await studio.at('review-table').waitFor();
      const rows = messyCounts.rows - messyCounts.repeated;
      await soon(progress).toEqual({ accepted: 0, rejected: 0, left: rows });

      // Twenty verdicts, the most suspicious first: what miscalculates is rejected.
      await keyboard.press('s');
      await studio.at('findings').getByText('wrong arithmetic').first().waitFor();
      for (let judged = 0; judged < 20; judged += 1) {
        const before = await studio.at('row-card').getAttribute('aria-label');
        const rationale = await studio.at('card-rationale').textContent();
        await keyboard.press(miscalculates(rationale ?? '') ? 'r' : 'a');
        await soon(() => studio.at('row-card').getAttribute('aria-label')).not.toBe(before);
      }
      const reviewed = { accepted: 14, rejected: 6, left: rows - 20 };
      await soon(progress).toEqual(reviewed);

      // One more is edited.
      await keyboard.press('e');
      await keyboard.press('End');
      await keyboard.type(' That is all.');
      await keyboard.press('Control+Enter');
      await studio.at('card-rationale').getByText('That is all.').waitFor();

      // All rows are rejected at once, and that is taken back at once.
      await studio.at('clear-filters').click();
      await studio.at('found').getByText(`${rows} rows`).waitFor();
      await studio.at('choose-all').check();
      await studio.at('bulk-reject').click();
      await soon(progress).toEqual({ accepted: 0, rejected: rows, left: 0 });
      await keyboard.press('u');
      await soon(progress).toEqual(reviewed);

      // A split by template, looked through for leaks.
      await studio.goTo('split');
      await studio.at('choice-template').waitFor();
      await soon(() => studio.at('choice-template').isChecked()).toBe(true);
      await studio.at('wizard-next').click();
      await studio.at('share-test').fill('20');
      await studio.at('wizard-next').click();
      await studio.at('no-leaks-found').waitFor();
      await studio.at('wizard-next').click();
      await studio.at('split-name').fill('By story');
      await studio.at('wizard-next').click();
      await studio.at('splits').getByText('By story').waitFor();
      expect(heard).toEqual([]);

      await server.close();
      const store = openStore(join(server.workspace, 'studio.sqlite'));
      const [project] = store.projects.list();
      const [split] = store.splits.list(project?.id ?? '');
      expect(split?.settings).toMatchObject({ groupByMaskedText: true, maskNames: true });
      expect(split?.leaks).toMatchObject({ rows, heldOut: 0 });
      const story = (input: string) => input.replace(/\d+/g, '#').replace(/^\S+/, 'Someone');
      const stories = (part: 'train' | 'test') =>
        new Set(store.splits.members(split?.id ?? '', part).map(({ input }) => story(input)));
      expect(stories('test').size).toBeGreaterThan(0);
      expect([...stories('test')].filter((each) => stories('train').has(each))).toEqual([]);
      store.close();
    }, 240_000);
  },
);
