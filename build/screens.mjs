/**
 * `npm run screens`: pictures of every screen in docs/screens, light and dark, English and Korean.
 * Half an hour, most of it trainings. For a first look `npm run screens -- --quick` trains less,
 * `--only review`, `teacher`, `sample`, `training`, `compare` or `export` takes one part, and `--into DIR`
 * leaves docs alone. `--workspace DIR` shows, in a workspace that is there, what is compared or, with
 * `--only export`, how its best student is exported: what is written stays there.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer } from '../electron/serve.ts';
import { StudioPage, complaints, launch } from '../tests/e2e/studio-page.ts';
import { messyCsv } from '../tests/e2e/messy-rows.ts';
import { startTeacher } from '../tests/e2e/teacher-server.ts';
import { ensureBuilt } from './built.mjs';
import { ensureChromium } from './chromium.mjs';
import { showComparison } from './compare-screens.mjs';
import { showExport } from './export-screens.mjs';
import { root } from './node24.mjs';
import { answerRemark, remarks } from './remarks.mjs';
import { showStudies, showTraining } from './training-screens.mjs';

const { values: wanted } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    into: { type: 'string' },
    workspace: { type: 'string' },
  },
});
const folder = wanted.into ? resolve(wanted.into) : join(root, 'docs/screens');
const { quick } = wanted;
const parts = ['review', 'teacher', 'sample', 'training', 'compare', 'export'];
if (wanted.only !== undefined && !parts.includes(wanted.only)) {
  console.error(`There is no part “${wanted.only}”. Parts: ${parts.join(', ')}.`);
  process.exit(1);
}
const takes = (part) => wanted.only === undefined || wanted.only === part;
/** Rows of the sample project, and steps of its runs and of those of studies; null: as is suggested. */
const [sampleRows, steps, studySteps] = quick ? [300, 60, 6] : [2000, null, null];
const large = { width: 1280, height: 800 };
const small = { width: 900, height: 640 };
const variants = ['en', 'ko'].flatMap((language) =>
  ['light', 'dark'].map((theme) => ({ language, theme })),
);
/** Parts of a screen that a picture can be about. */
const places = {
  charts: '[data-testid="loss-chart"]',
  row: '[data-testid="row-detail"]',
  scoreboard: '[data-testid="scoreboard"]',
  calibration: '[data-testid="calibration-of"]',
  round: '[data-testid="playground-round"]',
  cascade: '[data-testid="cascade"]',
  answer: '[data-testid="try-answer"]',
  certificate: '[data-testid="check-result"]',
  programs: '[data-testid="export-snippets"]',
  engines: '[data-testid="measure-engines"]',
  findings: '[data-testid="probe-findings"]',
  confusion: '[data-testid="confusion"]',
  trials: '[data-testid="trials"]',
  live: '[data-testid="live-table"]',
  pairs: '[data-testid="leak-pairs"]',
  lambda: '[data-testid="lambda-field"]',
  check: '[data-testid="preflight-facts"]',
  research: '[data-testid="run-rationaleCap"]',
  queue: '[data-testid="queue"]',
  samples: '[data-testid="sample-row"]',
  balance: '[data-testid="balance-chart"]',
  overlay: '[data-testid="overlay"]',
  student: '[data-testid="student-report"]',
  'pairs-of-study': '[data-testid="study-pairs"]',
  curve: '[data-testid="size-curve"]',
  growth: '[data-testid="growth"]',
  sweep: '[data-testid="study-axes"]',
};
const question =
  'Elsa fills 14 shelves with 12 shells on each shelf. Later 9 of the shells break. How many shells are left?';

const chromium = ensureChromium(console.log);
if (!chromium || !ensureBuilt(console.log)) {
  console.error('The pictures need Chromium and the built screens.');
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
if (!wanted.only)
  for (const name of readdirSync(folder)) if (name.endsWith('.png')) rmSync(join(folder, name));
const workspace = wanted.workspace ?? mkdtempSync(join(tmpdir(), 'stepwise-screens-'));
const server = await startServer({ workspace });
const teacher = await startTeacher({ delay: 700, answer: answerRemark });
const browser = await launch(chromium);
try {
  const page = await browser.newPage({ locale: 'en-US', viewport: large, reducedMotion: 'reduce' });
  const heard = complaints(page);
  await page.goto(server.url);
  const studio = new StudioPage(page);
  if (wanted.workspace === undefined) {
    await studio.at('start-sample').waitFor();
    await picture(studio, 'welcome');
  } else {
    await showOwn(studio);
  }
  if (takes('review')) {
    console.log('A messy file, its rationales reviewed, a split that leaks …');
    await showReview(studio);
    await page.evaluate(() => (location.hash = '#/'));
  }
  if (takes('teacher')) {
    console.log('A project from a file, answered by a server …');
    await showOwnData(studio);
  }
  if (wanted.workspace === undefined && ['sample', 'training', 'compare', 'export'].some(takes)) {
    const training = quick ? 'trained a little' : 'with whole trainings';
    console.log(`The sample project, ${training} …`);
    await showSampleProject(studio);
  }
  if (heard.length > 0) throw new Error(`The page complained: ${heard.join('; ')}`);
} finally {
  await browser.close();
  await server.close();
  await teacher.close();
  if (wanted.workspace === undefined) rmSync(workspace, { recursive: true, force: true });
}
console.log(`${readdirSync(folder).length} pictures are in ${folder}`);

/** Opens the import of a new project, from the welcome or beside projects that are there. */
async function beginOwn(studio) {
  await settle(studio.page);
  if ((await studio.at('new-project').count()) > 0) await studio.at('new-project').click();
  await studio.at('start-own').click();
}

/** Import, columns, prompt and a running extraction, on remarks made up here. */
async function showOwnData(studio) {
  await beginOwn(studio);
  await upload(studio, 'broken.jsonl', '{"text": "a", "kind": "praise"}\n{"text": broken\n');
  await studio.at('failure').waitFor();
  await picture(studio, 'file-error');
  await upload(studio, 'remarks.csv', remarks());
  await studio.at('inspection').waitFor();
  await picture(studio, 'file');
  await studio.at('wizard-next').click();
  await studio.at('project-name').fill('Remarks');
  await picture(studio, 'labels');
  await studio.at('wizard-next').click();
  await studio.at('mapped-rows').waitFor();
  await picture(studio, 'columns');
  await studio.finishWizard();
  await studio.next('teacher');
  await showTeacher(studio);
  await studio.goTo('rationales');
  await studio.at('filter-answers').selectOption('unparsed');
  await studio.at('row-card').waitFor();
  await picture(studio, 'unparsed');
}

/** The table of an office: brought in, its rationales reviewed, divided with and without leaks. */
async function showReview(studio) {
  const { page } = studio;
  await beginOwn(studio);
  const file = { name: 'Exercises.csv', mimeType: 'text/csv', buffer: messyCsv() };
  await studio.at('file-input').setInputFiles(file);
  await studio.at('inspection').waitFor();
  await picture(studio, 'import-detected');
  await inSmall(studio, 'small-import-detected');
  await studio.at('wizard-next').click();
  await studio.at('choice-arithmetic').check();
  await studio.at('wizard-next').click();
  await studio.at('map-label').selectOption({ label: 'sum' });
  await studio.at('more-columns').locator('summary').click();
  await studio.at('map-id').selectOption({ label: 'number' });
  await studio.at('map-completion').selectOption({ label: 'teacher' });
  await studio.at('keep').getByText('class').click();
  await studio.at('mapping-duplicates').waitFor();
  await picture(studio, 'import-columns', 'bottom');
  await studio.at('wizard-next').click();
  await studio.at('choice-keep').check();
  await picture(studio, 'import-options');
  await studio.at('wizard-next').click();
  await studio.at('data-card').waitFor();
  await picture(studio, 'data-card');
  await studio.extract();
  await studio.next('rationales');
  await studio.at('flag-wrong-arithmetic').or(studio.at('review-table')).first().waitFor();
  await page.keyboard.press('s');
  await studio.at('findings').getByText('wrong arithmetic').first().waitFor();
  await page.keyboard.press('r');
  await page.keyboard.press('a');
  await picture(studio, 'review');
  await inSmall(studio, 'small-review');
  await studio.at('choose-all').check();
  await picture(studio, 'review-bulk');
  await studio.at('bulk-none').click();
  await page.keyboard.press('?');
  await studio.at('keys').waitFor();
  await picture(studio, 'review-keys');
  await page.keyboard.press('Escape');
  await studio.at('tab-health').click();
  await studio.at('flag-bars').waitFor();
  await picture(studio, 'health');
  await studio.at('tab-people').click();
  await picture(studio, 'reviewers');
  await studio.goTo('split');
  await studio.at('choice-template').waitFor();
  await picture(studio, 'split-how');
  await studio.at('choice-random').check();
  await studio.at('wizard-next').click();
  await studio.at('share-test').fill('20');
  await studio.at('wizard-next').click();
  await studio.at('leaks-found').waitFor();
  await picture(studio, 'split-leaks');
  await inSmall(studio, 'small-split-leaks');
  await picture(studio, 'split-pairs', 'pairs');
}

/** A server and its price, the prompt, a pilot, the whole run with its budget, what came of it. */
async function showTeacher(studio) {
  const { page } = studio;
  await studio.nameTeacher({ name: 'Paid model', url: teacher.url, model: 'small-instruct' });
  await studio.probe();
  await studio.setPrice({ input: 2.5, output: 10 });
  await picture(studio, 'teacher-endpoint');
  await picture(studio, 'teacher-findings', 'findings');
  await studio.at('wizard-next').click();
  await studio.at('prompt-tokens').waitFor();
  await picture(studio, 'teacher-prompt');
  await studio.at('wizard-next').click();
  await studio.at('samples').fill('3');
  await studio.at('max-tokens').fill('60');
  await studio.at('estimate').getByText('No answer has come yet').waitFor();
  await picture(studio, 'teacher-pilot');
  await inSmall(studio, 'small-teacher-pilot');
  await studio.at('samples').fill('1');
  await studio.at('temperature').fill('0');
  await studio.at('extraction-advanced').click();
  await studio.at('concurrency').fill('2');
  await studio.at('start-extraction').click();
  await studio.at('pilot-outcome').getByText('From 20 answers').waitFor();
  await picture(studio, 'pilot-outcome');

  const spent = (await studio.at('spend').locator('strong').textContent()) ?? '';
  const each = Number(/[\d.]+/.exec(spent)?.[0]) / 20;
  await studio.at('ask-rest').click();
  await studio.at('budget').fill((each * 75).toFixed(4));
  await studio.at('continue-go').click();
  await page
    .getByTestId('job-extract')
    .getByText(/2\d of 90/)
    .waitFor();
  await picture(studio, 'extracting');
  await studio.at('cap-pause').waitFor();
  await picture(studio, 'budget-pause');
  await inSmall(studio, 'small-budget-pause');
  await studio.at('raise').click();
  await studio.at('next-rationales').waitFor();
  await picture(studio, 'extracted');
  await studio.at('open-report').click();
  await studio.at('report').waitFor();
  await picture(studio, 'teacher-report');
  await inSmall(studio, 'small-teacher-report');
  await picture(studio, 'teacher-confusion', 'confusion');
  await studio.goTo('teacher');
  await studio.at('open-parse').click();
  await studio.at('trials').waitFor();
  await picture(studio, 'parse-rules');
  await picture(studio, 'parse-bench', 'trials');
}

/** The same place in the smallest window. */
async function inSmall(studio, name, down = null) {
  await studio.page.setViewportSize(small);
  await picture(studio, name, down);
  await studio.page.setViewportSize(large);
}

/** The newest project of a workspace: what is compared there, or how it is exported. */
async function showOwn(studio) {
  const isExport = wanted.only === 'export';
  console.log(`What is ${isExport ? 'exported from' : 'compared in'} this workspace …`);
  const project = studio.page.locator('a[href^="#/p/"]').first();
  await project.waitFor();
  const id = ((await project.getAttribute('href')) ?? '').split('/')[2];
  const go = (place) => goTo(studio, id, place);
  if (isExport) await showExport(studio, cameraOf(studio), { go, question });
  else await showComparison(studio, cameraOf(studio), go);
}

function cameraOf(studio) {
  return {
    picture: (name, down) => picture(studio, name, down),
    inSmall: (name, down) => inSmall(studio, name, down),
  };
}

async function goTo(studio, projectId, place) {
  await studio.page.evaluate((to) => (location.hash = to), `#/p/${projectId}/${place}`);
  await settle(studio.page);
}

/** The sample project: its trainings, what came of them, and studies that go on from them. */
async function showSampleProject(studio) {
  const { page } = studio;
  const camera = cameraOf(studio);
  await page.evaluate(() => (location.hash = '#/'));
  await settle(page);
  if ((await studio.at('new-project').count()) > 0) await studio.at('new-project').click();
  if (takes('sample')) await picture(studio, 'start');
  await studio.makeSample(sampleRows);
  await studio.extract();
  await studio.split();
  if (takes('training')) await showTraining(studio, camera, steps);
  else await studio.train(steps ?? 1000, 1_200_000);
  const project = new URL(page.url()).hash.split('/')[2];
  const go = (place) => goTo(studio, project, place);
  if (['sample', 'compare', 'export'].some(takes)) await studio.compare(3);
  if (takes('sample')) await showResults(studio, go);
  if (takes('compare')) await showComparison(studio, camera, go);
  if (takes('training')) await showStudies(studio, camera, { go, steps: studySteps, workspace });
  // Last: a student that came back would stand among the others.
  if (takes('export')) await showExport(studio, camera, { go, question });
}

/** What the trainings came to, and every step of the project when it is done. */
async function showResults(studio, go) {
  const { page } = studio;
  await page.evaluate(() => (location.hash = '#/'));
  await picture(studio, 'home');
  for (const step of ['data', 'teacher', 'rationales', 'split', 'train']) {
    await go(step);
    if (step === 'train') await page.getByRole('button', { name: 'Show step-by-step 1' }).click();
    await picture(studio, step);
  }
  await go('train');
  await page.getByRole('button', { name: 'Show step-by-step 1' }).click();
  await picture(studio, 'train-curves', 'charts');
  for (const step of ['teacher', 'split']) {
    await go(`${step}/new`);
    await picture(studio, `${step}-new`);
  }

  await page.setViewportSize(small);
  for (const step of ['data', 'rationales', 'split', 'train']) {
    await go(step);
    await picture(studio, `small-${step}`);
  }
  await page.setViewportSize(large);
}

/** One place in every variant, as far down as its name says. */
async function picture(studio, name, down = null) {
  const { page } = studio;
  const notices = studio.at('notice');
  while ((await notices.count()) > 0) await notices.first().getByRole('button').click();
  for (const { language, theme } of variants) {
    await studio.setLanguage(language);
    await studio.setTheme(theme);
    await page.evaluate(() => document.activeElement?.blur());
    await settle(page);
    await scroll(page, down);
    await page.screenshot({ path: join(folder, `${name}-${theme}-${language}.png`) });
  }
  await studio.setLanguage('en');
  await studio.setTheme('light');
}

/** Brings a place into the middle of the screen, or the end of it for `bottom`. */
async function scroll(page, down) {
  if (down === null) return;
  await page.evaluate(
    ([selector, bottom]) => {
      if (bottom) document.querySelector('main')?.scrollTo(0, 1e6);
      else document.querySelector(selector)?.scrollIntoView({ block: 'center' });
    },
    [places[down] ?? null, down === 'bottom'],
  );
  await page.waitForTimeout(150);
}

/** Gives the screen the time to ask for what it shows, and a chart to be drawn. */
function settle(page) {
  return page.waitForTimeout(500);
}

function upload(studio, name, text) {
  const file = { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
  return studio.at('file-input').setInputFiles(file);
}
