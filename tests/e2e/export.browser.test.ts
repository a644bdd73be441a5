import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.mjs';
import { ensureParts } from '../../build/parts.mjs';
import { ExportFormat, exactFormats } from '../../electron/contract/entities.ts';
import { ExportCertificate } from '../../electron/contract/export.ts';
import type { RunningServer } from '../../electron/serve.ts';
import { useBrowserStudio } from './browser-studio.ts';
import type { StudioPage } from './studio-page.ts';

/** A machine that is busy takes its time. */
const patience = { timeout: 300_000 };
const formats = ExportFormat.options;

const chromium = findChromium();

describe.skipIf(chromium === null)(
  `a finished run exported${chromium === null ? ' (left out: no Chromium here)' : ''}`,
  () => {
    let server: RunningServer;
    let studio: StudioPage;
    let heard: readonly string[];

    const open = useBrowserStudio(chromium);
    beforeEach(async () => {
      await ensureParts(() => undefined);
      ({ server, studio, heard } = open());
      await studio.makeSample(300);
      await studio.extract();
      await studio.split();
      await studio.next('train');
      await studio.at('way-new').click();
      await studio.planTraining({ methods: ['step-by-step'], steps: 6 });
      await studio.at('wizard-next').click();
      await studio.at('next-compare').waitFor(patience);
      await studio.goTo('export');
    });

    const card = (format: string): Locator =>
      studio.page.locator(`[data-testid="export-card"][data-format="${format}"]`);

    /** Ticks every purpose and every number format. */
    async function tickAll(): Promise<void> {
      for (const box of await studio.page.locator('[data-testid^="use-"]').all()) await box.check();
      for (const box of await studio.page.locator('[data-testid^="format-"]').all()) {
        await box.check();
      }
      await expect
        .poll(() => studio.at('export-sum').textContent())
        .toContain(`${formats.length} folders`);
    }

    async function openCard(format: string): Promise<Locator> {
      const found = card(format);
      if ((await found.getAttribute('open')) === null)
        await found.locator('summary').first().click();
      await found.getByTestId('export-proof').waitFor();
      return found;
    }

    it('becomes every format, each with its certificate', async () => {
      await studio.startExport(tickAll);
      await studio.at('export-progress').waitFor(patience);
      // It goes on when the screen is left.
      await studio.goTo('train');
      await studio.goTo('export');
      await expect.poll(() => studio.at('export-card').count(), patience).toBe(formats.length);

      const into = join(server.workspace, 'exports');
      expect(readdirSync(into)).toHaveLength(formats.length);
      for (const format of formats) {
        const shown = await openCard(format);
        const folder = (await shown.getByTestId('export-folder').textContent()) ?? '';
        const text = readFileSync(join(folder, 'certificate.json'), 'utf8');
        const { exported, proof } = ExportCertificate.parse(JSON.parse(text));
        expect(exported).toBe(format);
        const words = await shown.getByTestId('export-proof').textContent();
        if (format === 'training') {
          expect(proof).toBeNull();
          continue;
        }
        expect(proof).toMatchObject({ part: 'validation', exact: exactFormats.has(format) });
        const { rows = 0, equal = 0, openedWith = null } = proof ?? {};
        expect(rows).toBeGreaterThan(0);
        if (exactFormats.has(format)) expect(equal).toBe(rows);
        expect(words).toContain(openedWith ?? 'opened by something');
        expect(words).toContain(`${equal} of ${rows} validation rows`);
        await shown.getByTestId('export-check').click();
        await shown.getByTestId('check-result').waitFor(patience);
        expect(await shown.getByTestId('check-result').textContent()).toMatch(/as the certificate/);
        expect(await shown.getByTestId('snippet').first().textContent()).toMatch(/\w/);
        await shown.locator('summary').first().click();
      }
      expect(heard).toEqual([]);
    });

    it('is asked, and tells of a byte that was changed', async () => {
      await studio.startExport();
      const shown = card('huggingface');
      await shown.waitFor(patience);
      expect(await studio.ask('Box 1 holds 3 pens.')).toMatch(/answered in/i);

      const folder = (await shown.getByTestId('export-folder').textContent()) ?? '';
      const weights = join(folder, 'model.safetensors');
      const bytes = readFileSync(weights);
      const last = bytes.length - 1;
      bytes[last] = (bytes[last] ?? 0) ^ 1;
      writeFileSync(weights, bytes);
      await shown.getByTestId('export-check').click();
      await expect
        .poll(() => shown.getByTestId('check-result').textContent(), patience)
        .toContain('Changed since: model.safetensors');
      expect(heard).toEqual([]);
    });

    it('goes where it was asked to go, under its name, and is not written over', async () => {
      const into = join(server.workspace, 'elsewhere');
      const walk = async () => {
        await studio.at('export-runs').waitFor();
        await studio.at('wizard-next').click();
        await studio.at('wizard-next').click();
        await studio.at('choice-other').check();
        await studio.at('export-path').fill(into);
        await studio.at('export-name').fill('My Student');
        await studio.at('proof-rows').fill('5');
        await studio.at('proof-rows').blur();
        await studio.at('wizard-next').click();
        await studio.at('export-plan').getByText(join(into, 'my-student')).waitFor();
        await studio.at('export-start').click();
      };
      await walk();
      await studio.at('export-proof').waitFor(patience);
      expect(await studio.at('export-proof').textContent()).toContain('5 of 5 validation rows');
      expect(existsSync(join(into, 'my-student', 'certificate.json'))).toBe(true);

      await studio.at('export-new').click();
      await walk();
      await studio.at('failure').waitFor(patience);
      expect(await studio.at('failure').textContent()).toContain('There is already something at');
      expect(readdirSync(into)).toEqual(['my-student']);
    });
  },
);
