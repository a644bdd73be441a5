import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findChromium } from '../../build/chromium.mjs';
import { ensureParts } from '../../build/parts.mjs';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { writeCertificate } from '../../electron/model/export/certificate.ts';
import { askedPlainly } from '../../electron/model/portable/asked-as.ts';
import { presetConfig } from '../../electron/model/presets.ts';
import { Student } from '../../electron/model/student.ts';
import { manifest, writtenFolder } from '../unit/model/export/tensorflowjs/written.ts';
import { sums, writeStudentFolder } from '../unit/model/student-folder.ts';
import { launch } from './studio-page.ts';

const chromium = findChromium();
const ROWS = 200;
const inputs = Array.from({ length: ROWS }, (_unused, i) =>
  (sums[i % sums.length]?.input ?? '').slice(0, 12 + (i % 50)),
);

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

/** With a head of its own: a tied one that learned nothing repeats the token that it read. */
const talkative = { ...presetConfig('micro', 304), tieWordEmbeddings: false };
const settings = { ...askedPlainly, ...manifest };

/** A server of files and nothing else, as a person would start one. */
async function serve(folder: string): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').replace(/^\/$/, '/index.html').slice(1);
    try {
      const content = readFileSync(join(folder, name));
      response.writeHead(200, {
        'content-type': types[extname(name)] ?? 'application/octet-stream',
      });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A made-up student's folder, certified. */
async function exported(): Promise<{ under: string; checkpoint: string; folder: string }> {
  const under = mkdtempSync(join(tmpdir(), 'stepwise-page-'));
  const checkpoint = join(under, 'best');
  await writeStudentFolder(checkpoint, { config: talkative });
  const folder = await writtenFolder(checkpoint, { under });
  await writeCertificate(folder, {
    ...{ exported: 'tensorflowjs', createdAt: '2026-01-01T00:00:00.000Z', versions: {} },
    student: {
      ...{ project: 'Sums', run: 'One', settingsHash: 'abc', step: 1 },
      runId: '00000000-0000-4000-8000-000000000000',
    },
    proof: null,
  });
  return { under, checkpoint, folder };
}

/** What a page writes that uses the module; as text, since the module is only there. */
const inPage = (texts: readonly string[]): string => `(async () => {
  const { Student } = await import(new URL('student.mjs', location.href).href);
  const progress = [];
  const student = await Student.open('./', {
    onProgress: (done, total) => progress.push([done, total]),
  });
  const answers = await student.answer(${JSON.stringify(texts)}, { rationale: true });
  await student.dispose();
  const rows = answers.map(({ ids, rationaleIds, label }) => ({
    ids: [...ids], rationaleIds: [...rationaleIds], label,
  }));
  return { runtime: student.runtime, check: student.check, progress, rows };
})()`;

const Ids = z.array(z.number());
const InPage = z.object({
  runtime: z.string(),
  check: z.string(),
  progress: z.array(z.tuple([z.number(), z.number()])),
  rows: z.array(z.object({ ids: Ids, rationaleIds: Ids, label: z.string() })),
});

/** What a page asked for and said. */
function watch(page: Page): { readonly origins: Set<string>; readonly said: string[] } {
  const origins = new Set<string>();
  const said: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) origins.add(new URL(request.url()).origin);
  });
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  return { origins, said };
}

describe.skipIf(chromium === null)(
  `a student in a web page${chromium === null ? ' (left out: no Chromium here)' : ''}`,
  () => {
    let browser: Browser;
    let folders: Awaited<ReturnType<typeof exported>>;
    beforeAll(async () => {
      expect(await ensureParts(() => undefined)).toBe(true);
      [browser, folders] = await Promise.all([launch(chromium ?? ''), exported()]);
    });
    afterAll(async () => {
      await browser.close();
      rmSync(folders.under, { recursive: true, force: true });
    });

    it('writes the tokens that the app writes, and asks nobody but its server', async () => {
      const student = await Student.open(folders.checkpoint, await openEngine());
      const expected = await student.answer(inputs, {
        ...{ rationale: true, settings, now: () => performance.now() },
      });
      await student.dispose();

      const served = await serve(folders.folder);
      const page = await browser.newPage();
      const heard = watch(page);
      await page.goto(served.origin);
      await page.locator('#form').waitFor();
      const answers = InPage.parse(await page.evaluate(inPage(inputs)));
      expect(answers.rows).toEqual(
        expected.map(({ ids, rationaleIds, label }) => ({
          ...{ ids: [...ids], rationaleIds: [...(rationaleIds ?? [])], label },
        })),
      );
      expect(answers.rows).toHaveLength(ROWS);
      expect(new Set(answers.rows.flatMap(({ ids }) => ids)).size).toBeGreaterThan(20);
      expect(answers).toMatchObject({
        runtime: 'TensorFlow.js 4.22.0 (WebAssembly)',
        check: 'whole',
      });
      const [first, last] = [answers.progress.at(0), answers.progress.at(-1)];
      expect(first?.[0]).toBe(0);
      expect(last?.[0]).toBe(last?.[1]);
      expect(heard.said).toEqual([]);
      expect([...heard.origins]).toEqual([served.origin]);
      await page.close();
      await served.close();
    });

    const looks = [1280, 390].flatMap((width) =>
      (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
    );

    it.each(looks)('is asked on its own page: $width px, $colorScheme', async (look) => {
      const served = await serve(folders.folder);
      const context = await browser.newContext({
        ...{ viewport: { width: look.width, height: 800 }, locale: 'en-GB' },
        colorScheme: look.colorScheme,
      });
      const page = await context.newPage();
      const heard = watch(page);
      await page.goto(served.origin);
      await page.getByLabel('Input').fill(inputs[3] ?? '');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Answer' }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('answered');
      const [answer] = await page.locator('#label').allTextContents();
      const student = await Student.open(folders.checkpoint, await openEngine());
      const [expected] = await student.answer([inputs[3] ?? ''], {
        ...{ rationale: true, settings, now: () => performance.now() },
      });
      await student.dispose();
      expect(answer).toBe(expected?.label === '' ? '(no answer)' : expected?.label);
      expect(await page.locator('#rationale').textContent()).toBe(expected?.rationale || '(none)');
      const below = (expected?.confidence ?? 1) < manifest.cascade.threshold;
      expect(await page.locator('#route').textContent()).toContain(
        below ? 'Ask the teacher (A large one)' : 'Use the student’s answer',
      );
      expect(await page.locator('#facts').textContent()).toContain('as its certificate says');
      const [overflow, dark] = await page.evaluate(() => [
        document.documentElement.scrollWidth - window.innerWidth,
        getComputedStyle(document.body).backgroundColor !== 'rgb(251, 250, 248)',
      ]);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(dark).toBe(look.colorScheme === 'dark');
      expect(heard.said).toEqual([]);
      expect([...heard.origins]).toEqual([served.origin]);
      await context.close();
      await served.close();
    });

    it('speaks Korean where the browser does', async () => {
      const served = await serve(folders.folder);
      const context = await browser.newContext({ locale: 'ko-KR' });
      const page = await context.newPage();
      await page.goto(served.origin);
      await page.getByRole('heading', { name: '학생 모델에게 묻기' }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('ko');
      await context.close();
      await served.close();
    });

    async function failureOf(change: (folder: string) => void): Promise<string> {
      const { under, folder } = await exported();
      change(folder);
      const served = await serve(folder);
      const context = await browser.newContext({ locale: 'en-GB' });
      const page = await context.newPage();
      await page.goto(served.origin);
      const alert = page.getByRole('alert');
      await alert.waitFor();
      const text = (await alert.textContent()) ?? '';
      expect(await page.locator('#form').isVisible()).toBe(false);
      await context.close();
      await served.close();
      rmSync(under, { recursive: true, force: true });
      return text.replaceAll(/\s+/g, ' ').trim();
    }

    it('refuses a changed byte, and says in which file', async () => {
      const said = await failureOf((folder) => {
        const path = join(folder, 'group1-shard1of1.bin');
        const bytes = readFileSync(path);
        bytes[1_000] = (bytes[1_000] ?? 0) ^ 1;
        writeFileSync(path, bytes);
      });
      expect(said).toMatch(/^group1-shard1of1\.bin is not as it was exported/);
      expect(said).toContain('Copy the folder again');
    });

    it('says which shard is missing', async () => {
      const said = await failureOf((folder) => rmSync(join(folder, 'group1-shard1of1.bin')));
      expect(said).toMatch(/^group1-shard1of1\.bin is missing/);
    });

    it('says how to serve it where it was opened as a file', async () => {
      const context = await browser.newContext({ offline: true });
      const page = await context.newPage();
      await page.goto(pathToFileURL(join(folders.folder, 'index.html')).href);
      await page.getByText('python3 -m http.server').waitFor();
      expect(await page.locator('#form').isVisible()).toBe(false);
      await context.close();
    });

    it('answers unchecked, and says so, where the browser computes no hashes', async () => {
      const served = await serve(folders.folder);
      const context = await browser.newContext({ locale: 'en-GB' });
      const page = await context.newPage();
      // As on plain http from another computer.
      await page.addInitScript(() => {
        Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined });
      });
      await page.goto(served.origin);
      await page.locator('#form').waitFor();
      expect(await page.locator('#facts').textContent()).toContain('The files were not checked');
      await context.close();
      await served.close();
    });
  },
);
