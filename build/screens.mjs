/** `npm run screens`: pictures of every screen, light and dark, English and Korean, in docs/screens. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../electron/serve.ts';
import { StudioPage, complaints, launch } from '../tests/e2e/studio-page.ts';
import { ensureBuilt } from './built.mjs';
import { ensureChromium } from './chromium.mjs';
import { root } from './node24.mjs';

const folder = join(root, 'docs/screens');
/** Steps of each run: enough for curves with a shape, too few for a good student. */
const steps = Number(process.argv[2] ?? 400);
const variants = [
  { name: 'light', theme: 'light', language: 'en' },
  { name: 'dark', theme: 'dark', language: 'en' },
  { name: 'light-ko', theme: 'light', language: 'ko' },
];

const chromium = ensureChromium(console.log);
if (!chromium || !ensureBuilt(console.log)) {
  console.error('The pictures need Chromium and the built screens.');
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const workspace = mkdtempSync(join(tmpdir(), 'stepwise-screens-'));
const server = await startServer({ workspace });
const browser = await launch(chromium);
try {
  const page = await browser.newPage({
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  const heard = complaints(page);
  await page.goto(server.url);
  const studio = new StudioPage(page);
  await studio.at('start-sample').waitFor();
  await take(studio, [['welcome', '#/']]);
  console.log('Preparing a project to show (some minutes) …');
  await prepare(studio);
  const project = new URL(page.url()).hash.split('/')[2];
  await take(studio, [
    ['home', '#/'],
    ['start', '#/new'],
    ...['data', 'teacher', 'rationales', 'split', 'train', 'compare', 'export'].map((step) => [
      step,
      `#/p/${project}/${step}`,
    ]),
    ['data-import', `#/p/${project}/data/import`],
    ...['teacher', 'split', 'train'].map((step) => [`${step}-new`, `#/p/${project}/${step}/new`]),
  ]);
  if (heard.length > 0) throw new Error(`The page complained: ${heard.join('; ')}`);
} finally {
  await browser.close();
  await server.close();
  rmSync(workspace, { recursive: true, force: true });
}
console.log(`The pictures are in ${folder}`);

async function prepare(studio) {
  await studio.makeSample(300);
  await studio.extract();
  await studio.split();
  await studio.train(steps);
  await studio.compare();
  await studio.exportStudent();
  const notices = studio.at('notice');
  while ((await notices.count()) > 0) await notices.first().getByRole('button').click();
  await studio.ask('A shelf holds 12 books. Mara puts 5 more on it. How many books are there?');
}

/** Pictures of some places in every variant. */
async function take(studio, places) {
  const { page } = studio;
  for (const { name, theme, language } of variants) {
    await studio.setTheme(theme);
    await studio.setLanguage(language);
    for (const [screen, hash] of places) {
      await page.evaluate((to) => (location.hash = to), hash);
      await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined);
      await page.waitForTimeout(400);
      await page.screenshot({ path: join(folder, `${screen}-${name}.png`) });
    }
  }
  await studio.setTheme('light');
  await studio.setLanguage('en');
}
