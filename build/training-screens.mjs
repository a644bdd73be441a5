/**
 * Pictures of training: every way to begin, the wizard, runs that train and wait, what they write,
 * and studies. What is seen is trained here; `steps` is null for what the app suggests.
 */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Trainings take so long at most, on a machine that is busy. */
const longest = { timeout: 2_400_000 };
const methods = ['step-by-step', 'finetune', 'distill'];
/** A bake-off of one arm for each method is enough to see. */
const leftOut = ['step-by-step-teacher', 'rationale-input-teacher', 'single-task-teacher'];

/** Plans three runs, step by step, starts them and watches them. */
export async function showTraining(studio, { picture, inSmall }, steps) {
  await studio.next('train');
  await studio.at('ways').waitFor();
  await picture('train-ways');
  await inSmall('small-train-ways');
  await studio.at('way-new').click();
  for (const method of methods) await studio.at(`choice-${method}`).check();
  await picture('train-methods');
  await next(studio);
  await studio.at('row-counts').waitFor();
  await picture('train-learns');
  await inSmall('small-train-learns', 'lambda');
  await studio.at('research').click();
  await picture('train-research', 'research');
  await next(studio);
  await studio.at('choice-micro').waitFor();
  await picture('train-student');
  await next(studio);
  await setLength(studio, { steps });
  await picture('train-settings');
  await studio.at('advanced').click();
  await studio.at('measure-engines').click();
  await studio.page.getByText('GFLOP/s').first().waitFor(longest);
  await picture('train-engines', 'engines');
  await next(studio);
  await studio.at('preflight-again').waitFor(longest);
  await picture('train-check');
  await inSmall('small-train-check', 'check');
  await next(studio);
  await studio.at('loss-chart').waitFor(longest);
  await picture('train-queue', 'queue');
  await studio.at('accuracy-chart').waitFor(longest);
  await picture('training', 'charts');
  await studio.at('next-compare').waitFor(longest);
  await showRuns(studio, { picture, inSmall });
}

/** What a run wrote at each evaluation, and the curves of several runs. */
async function showRuns(studio, { picture, inSmall }) {
  const { page } = studio;
  await page.getByRole('button', { name: 'Show step-by-step 1' }).click();
  await studio.at('tab-samples').click();
  await studio.at('sample-row').first().waitFor();
  await picture('run-samples', 'samples');
  await inSmall('small-run-samples', 'samples');
  await studio.at('tab-gradients').click();
  await studio.at('balance-chart').waitFor();
  await picture('run-gradients', 'balance');
  await studio.at('tab-settings').click();
  await studio.at('run-settings').waitFor();
  await picture('run-settings');
  await studio.at('tab-learning').click();
  for (const box of await studio.at('overlay-run').all()) await box.check();
  await studio.at('overlay').waitFor();
  await picture('train-overlay', 'overlay');
  for (const box of await studio.at('overlay-run').all()) await box.uncheck();
}

/** The three studies, and a pretrained student. Runs that are there already are taken up. */
export async function showStudies(studio, camera, { go, steps, workspace }) {
  await showPretrained(studio, camera, { go, workspace });
  await showBakeOff(studio, camera, { go, steps });
  await showDataSize(studio, camera, { go, steps });
  await showSweep(studio, camera, { go, steps: steps ?? 300 });
}

/** A folder on disk is looked at before it is used. Here it is a student that was trained just now. */
async function showPretrained(studio, { picture }, { go, workspace }) {
  const [run] = readdirSync(join(workspace, 'runs')).sort();
  const folder = join(workspace, 'models', 'word-problems-t5');
  cpSync(join(workspace, 'runs', run, 'best'), folder, { recursive: true });
  await go('train/new');
  await next(studio);
  await studio.at('row-counts').waitFor();
  await next(studio);
  await studio.at('choice-folder').check();
  await studio.at('student-path').fill(folder);
  await studio.at('student-check').click();
  await studio.at('student-report').waitFor(longest);
  await picture('train-pretrained', 'student');
}

async function showBakeOff(studio, { picture, inSmall }, { go, steps }) {
  await go('train/bake-off');
  for (const arm of leftOut) await studio.at(`arm-${arm}`).uncheck();
  await picture('bake-off-plan');
  await inSmall('small-bake-off-plan');
  await next(studio);
  await setSeeds(studio);
  await next(studio);
  await throughSettings(studio, { steps });
  await next(studio);
  await startStudy(studio, () => picture('bake-off-check'));
  await picture('bake-off-result');
  await inSmall('small-bake-off-result');
  await picture('bake-off-pairs', 'pairs-of-study');
}

async function showDataSize(studio, { picture, inSmall }, { go, steps }) {
  await go('train/data-size');
  await next(studio);
  for (const share of ['0.125', '0.75']) await studio.at(`share-${share}`).uncheck();
  await picture('data-size-plan');
  await next(studio);
  await setSeeds(studio);
  await next(studio);
  await throughSettings(studio, { steps });
  await next(studio);
  await startStudy(studio);
  await picture('data-size-result');
  await picture('data-size-curve', 'curve');
  await inSmall('small-data-size-curve', 'curve');
  await picture('data-size-growth', 'growth');
}

async function showSweep(studio, { picture, inSmall }, { go, steps }) {
  await go('train/sweep');
  await next(studio);
  await throughSettings(studio, { steps, every: Math.ceil(steps / 6) });
  await next(studio);
  await studio.at('values-learningRate').fill('0.0003  0.001  0.003');
  await studio.at('values-lambda').fill('0.5  2');
  await picture('sweep-plan');
  await next(studio);
  await startStudy(studio);
  await picture('sweep-result');
  await inSmall('small-sweep-result');
  await picture('sweep-axes', 'sweep');
}

const next = (studio) => studio.at('wizard-next').click();

/** Two seeds: the fewest that say anything of chance. */
async function setSeeds(studio) {
  await studio.at('seed-count').fill('2');
  await studio.at('seed-count').blur();
}

/** From the student to what follows the shared settings. */
async function throughSettings(studio, length) {
  await studio.at('choice-micro').waitFor();
  await next(studio);
  await setLength(studio, length);
  await next(studio);
}

/** Steps, and how often they are evaluated; null leaves what is suggested. */
async function setLength(studio, { steps, every = steps === null ? null : Math.ceil(steps / 3) }) {
  await studio.at('run-steps').waitFor();
  if (steps === null) return;
  await fill(studio.at('run-steps'), steps);
  await studio.at('advanced').click();
  await fill(studio.at('run-evaluateEvery'), every);
  await studio.at('advanced').click();
}

async function fill(field, value) {
  await field.fill(String(value));
  await field.blur();
}

/** Starts what was planned, and waits until its job has succeeded. */
async function startStudy(studio, planned = async () => {}) {
  await studio.at('planned-runs').waitFor();
  await planned();
  await studio.at('start-study').click();
  await studio.at('study').waitFor();
  await studio.at('job-card').waitFor({ state: 'detached', ...longest });
  await studio.at('study-incomplete').waitFor({ state: 'detached' });
}
