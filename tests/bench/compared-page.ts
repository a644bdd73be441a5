import type { Page } from 'playwright-core';
import { findChromium } from '../../build/chromium.mjs';
import type { Comparing } from '../../electron/contract/entities.ts';
import { startServer } from '../../electron/serve.ts';
import { launch } from '../e2e/studio-page.ts';
import { milliseconds, table } from './measure.ts';

/** Frames of each way of scrolling. */
const frames = 240;

/** What one way of scrolling looked like. */
interface Scrolled {
  /** Milliseconds from frame to frame. */
  readonly times: number[];
  /** Frames in which a row in view had no text yet. */
  readonly blank: number;
}

/** Pixels a frame; null: a jump to another place every half second, as one drags the scroll bar. */
const ways: Readonly<Record<string, number | null>> = {
  'slow, 1 row a frame': 36,
  'fast, 10 rows a frame': 360,
  'very fast, 60 rows a frame': 2_160,
  'jumps all over the table': null,
};

/** The table of compared rows scrolled in Chromium, in the built screens. */
export async function scrolledRows(workspace: string, { projectId }: Comparing): Promise<string> {
  const chromium = findChromium();
  if (chromium === null) return 'Chromium is not here: scrolling was not measured.';
  const server = await startServer({ workspace });
  const browser = await launch(chromium);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(server.url);
    await page.goto(new URL(`/#/p/${projectId}/compare/rows`, server.url).href);
    await page.getByTestId('compared-rows').getByRole('gridcell').first().waitFor();
    const began = performance.now();
    await page.getByTestId('filter-disagree').click();
    await page.waitForFunction(
      () =>
        !/^100,|^99,999/.test(
          document.querySelector('[data-testid="rows-found"]')?.textContent ?? '',
        ),
    );
    const clicked = performance.now() - began;
    await page.getByTestId('filter-disagree').click();
    await page.waitForFunction(() =>
      /^(\d\d,\d+) rows of \1/.test(
        document.querySelector('[data-testid="rows-found"]')?.textContent ?? '',
      ),
    );
    const lines: string[][] = [];
    for (const [name, step] of Object.entries(ways)) {
      const { times, blank } = await scroll(page, step);
      const rising = [...times].sort((a, b) => a - b);
      const share = (part: number): string =>
        milliseconds(rising[Math.ceil(part * rising.length) - 1] ?? Number.NaN);
      const dropped = times.filter((time) => time > 34).length;
      lines.push([
        name,
        String(times.length),
        share(0.5),
        share(0.95),
        share(1),
        String(dropped),
        String(blank),
      ]);
    }
    const head = [
      'scrolling',
      'frames',
      'p50',
      'p95',
      'most',
      'over 34 ms',
      'with a row not yet there',
    ];
    return [
      'In Chromium without a window, on the same cores as the application. A frame counts as “with a row not yet there” when any row in view had no text.',
      '',
      table(head, lines),
      '',
      `From a click on “They disagree” to the new number of rows on screen: ${milliseconds(clicked)}.`,
    ].join('\n');
  } finally {
    await browser.close();
    await server.close();
  }
}

function scroll(page: Page, step: number | null): Promise<Scrolled> {
  return page.evaluate(
    ({ step, frames }) =>
      new Promise<Scrolled>((resolve) => {
        const grid = document.querySelector('[data-testid="compared-rows"]');
        if (!(grid instanceof HTMLElement)) throw new Error('there is no table');
        const times: number[] = [];
        let blank = 0;
        let before = performance.now();
        let frame = 0;
        grid.scrollTop = 0;
        const isBlank = (): boolean => {
          const { top, bottom } = grid.getBoundingClientRect();
          return [...grid.querySelectorAll('[role="rowgroup"] [role="row"]')].some((row) => {
            const box = row.getBoundingClientRect();
            const inView = box.bottom > top + 34 && box.top < bottom;
            return inView && row.getAttribute('aria-busy') === 'true';
          });
        };
        const next = (): void => {
          const now = performance.now();
          times.push(now - before);
          before = now;
          if (isBlank()) blank += 1;
          if ((frame += 1) > frames) return resolve({ times: times.slice(1), blank });
          if (step !== null) grid.scrollTop += step;
          else if (frame % 30 === 0) {
            grid.scrollTop = ((frame * 7_919) % 1_000) * 0.001 * grid.scrollHeight;
          }
          requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
    { step, frames },
  );
}
