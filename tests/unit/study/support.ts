import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Part, Run, Study, StudyPlan } from '../../../electron/contract/entities.ts';
import { StudioError } from '../../../electron/contract/errors.ts';
import type { JobContext, JobReport, StopReason } from '../../../electron/stages/job.ts';
import { ensureRecordedExtraction } from '../../../electron/stages/extract/index.ts';
import { createSplit, defaultSplitSettings } from '../../../electron/stages/split/index.ts';
import { planRuns, studyJob } from '../../../electron/stages/study/index.ts';
import type { StudyTools } from '../../../electron/stages/study/index.ts';
import { createRun } from '../../../electron/stages/train/index.ts';
import { foreseeRun, learnedHash } from '../../../electron/stages/train/learned-rows.ts';
import type { Store } from '../../../electron/store/store.ts';
import { projectWith, tempStore } from '../extract/support.ts';

/** A project of 40 rows with gold labels and recorded answers, split. */
export interface Ground {
  readonly store: Store;
  readonly projectId: string;
  readonly splitId: string;
  readonly extractionId: string;
}

export function prepared(): Ground {
  const store = tempStore();
  const words = [...'abcdefgh'].flatMap((first) => [...'iouea'].map((last) => `${first}l${last}`));
  const rows = words.map((word) => ({
    ...{ input: `What is ${word}?`, gold: 'a colour' },
    completion: `${word} is seen. So the answer is a colour.`,
  }));
  const { id: projectId } = projectWith(store, 'text', rows);
  const split = { ...defaultSplitSettings, validation: 0.2, test: 0.2 };
  const { id: splitId } = createSplit(store, { projectId, name: null, settings: split });
  const { id: extractionId } = ensureRecordedExtraction(store, projectId);
  const answers = [...store.data.examples(projectId)].map(({ id: exampleId, input }) => ({
    completion: {
      ...{ exampleId, sample: 0, text: input, failure: null, finishReason: null },
      ...{ promptTokens: null, completionTokens: null, milliseconds: null },
      ...{ requestHash: null, reused: false },
    },
    rationale: {
      ...{ exampleId, sample: 0, label: 'a colour', correct: true },
      rationale: `${input} It is seen.`,
    },
  }));
  store.extractions.saveCompletions(extractionId, answers);
  return { store, projectId, splitId, extractionId };
}

/** Answers of a second extraction, which are other texts. */
export function anotherExtraction({ store, projectId, extractionId }: Ground): string {
  const { teacher, settings } = store.extractions.get(extractionId);
  const { id } = store.extractions.create({
    ...{ projectId, teacherId: teacher.id, templateId: null, settings, price: null, seed: 1 },
  });
  const answers = [...store.data.examples(projectId)].map(({ id: exampleId, input }) => ({
    completion: {
      ...{ exampleId, sample: 0, text: input, failure: null, finishReason: null },
      ...{ promptTokens: null, completionTokens: null, milliseconds: null },
      ...{ requestHash: null, reused: false },
    },
    rationale: {
      ...{ exampleId, sample: 0, label: 'a colour', correct: true },
      rationale: `Everybody calls it so: ${input}`,
    },
  }));
  store.extractions.saveCompletions(id, answers);
  return id;
}

export function newStudy({ store, ...ground }: Ground, plan: StudyPlan): Study {
  const study = store.studies.create({ ...ground, name: null, plan, runs: planRuns(plan) });
  const job = store.jobs.create({
    ...{ projectId: study.projectId, kind: 'study', subjectId: study.id, title: 'Study' },
    ...{ input: { studyId: study.id }, unit: 'steps' },
  });
  store.studies.setJob(study.id, job.id);
  return store.studies.get(study.id);
}

/** The accuracy that a made-up training has at its evaluations, one after another. */
export type Script = (run: Run) => readonly number[] | 'diverges';

/** Runs jobs of studies whose trainings only save what trainings save. */
export class Laboratory {
  /** Runs that were trained, and parts that were decoded, in order. */
  readonly trained: string[] = [];
  readonly decoded: string[] = [];
  readonly progress: JobReport[] = [];
  /** Called after each evaluation of a training. */
  onEvaluation: (run: Run, step: number) => void = () => undefined;
  /** Whether a training that is told to finish has learned on for two evaluations before it hears of it. */
  stopsLate = false;
  readonly #ground: Ground;
  readonly #script: Script;
  readonly #folder: string;

  constructor(ground: Ground, script: Script = () => [0.5]) {
    this.#ground = ground;
    this.#script = script;
    this.#folder = mkdtempSync(join(tmpdir(), 'stepwise-study-'));
    onTestFinished(() => rmSync(this.#folder, { recursive: true, force: true }));
  }

  /** One attempt at a study's job, as the registry would make it. */
  async run(study: Study, stop: AbortController = new AbortController()): Promise<void> {
    const input = { studyId: study.id };
    await studyJob(this.#tools()).run(this.#context(study, stop), input);
  }

  #tools(): StudyTools {
    return {
      ...{ createRun, foreseeRun, learnedHash },
      trainRun: (context, runId, options) => this.#train(context, runId, options),
      evaluateRuns: (_context, { part, runIds }, onRow) => {
        for (const runId of runIds) this.#decode(runId, part);
        onRow();
        return Promise.resolve();
      },
    };
  }

  async #train(
    context: JobContext,
    runId: string,
    { stop, onPoints, onStep }: Parameters<StudyTools['trainRun']>[2],
  ): Promise<void> {
    const { runs } = this.#ground.store;
    const run = runs.get(runId);
    const { steps, evaluateEvery } = run.settings;
    this.trained.push(runId);
    const accuracies = this.#script(run);
    if (accuracies === 'diverges') {
      runs.setEnd(runId, { reason: 'diverged', step: 1 });
      throw new StudioError('training-diverged', 'The loss is not a number.', 'Learn slower.');
    }
    const { counts, rowsHash } = foreseeRun(this.#ground.store, run);
    runs.setRows(runId, {
      ...{ trainRows: counts.labels, rationaleRows: counts.explained, hash: rowsHash },
    });
    const from = runs.checkpoint(runId, 'last')?.step ?? 0;
    let late = this.stopsLate ? 2 : 0;
    for (let step = from + evaluateEvery; step <= steps; step += evaluateEvery) {
      const at = step / evaluateEvery - 1;
      const accuracy = accuracies[at] ?? accuracies.at(-1) ?? 0;
      this.#savePoint(run, step, accuracy);
      onStep(step, 'working');
      onPoints(runs.metrics(runId, step - 1));
      this.onEvaluation(run, step);
      await Promise.resolve();
      if (stop.aborted && late-- <= 0) {
        runs.setEnd(runId, { reason: 'kept-best', step });
        return;
      }
      if (context.signal.aborted) return;
    }
    runs.setEnd(runId, { reason: 'steps-done', step: steps });
  }

  #savePoint(run: Run, step: number, accuracy: number): void {
    const { runs } = this.#ground.store;
    const validation = { correct: Math.round(100 * accuracy), rows: 100 };
    runs.saveMetrics(run.id, [
      {
        ...{ step, labelLoss: 1, rationaleLoss: null, loss: 1, learningRate: 1e-3 },
        ...{ gradientNorm: 1, tokensPerSecond: 1, validation },
        ...{ memoryBytes: null, mutualInformation: null, balance: null },
      },
    ]);
    const saved = { step, folder: `step-${step}`, validation: accuracy };
    runs.saveCheckpoint(run.id, { ...saved, which: 'last' });
    const best = runs.get(run.id).bestValidation;
    if (best === null || accuracy > best) runs.saveCheckpoint(run.id, { ...saved, which: 'best' });
  }

  /** A student has so many of the rows right, from the first on, as its best validation says. */
  #decode(runId: string, part: Part): void {
    const { store, splitId } = this.#ground;
    const checkpointStep = store.runs.checkpoint(runId, 'best')?.step ?? 0;
    const evaluation = store.evaluations.open({ runId, splitId, part, checkpointStep });
    const pending = store.evaluations.pending(evaluation.id);
    if (pending.length === 0) return;
    this.decoded.push(`${part} ${runId}`);
    const right = (store.runs.get(runId).bestValidation ?? 0) * pending.length;
    store.evaluations.savePredictions(
      evaluation.id,
      pending.map(({ id: exampleId }, index) => ({
        ...{ exampleId, label: 'a colour', rationale: null },
        ...{ correct: index < right, confidence: 0.5, milliseconds: 1 },
      })),
    );
  }

  #context(study: Study, stop: AbortController): JobContext {
    const { store } = this.#ground;
    const silent = () => undefined;
    const job = store.jobs.get(study.jobId ?? '');
    return {
      ...{ job, store, signal: stop.signal },
      folders: {
        ...{ workspace: '', database: '', searchIndex: '', exports: '', dataExports: '' },
        ...{ incoming: '', run: (id: string) => join(this.#folder, id) },
      },
      threads: { run: () => Promise.reject(new Error('A study starts no thread.')) },
      log: { info: silent, warn: silent, error: silent },
      progress: (report) => this.progress.push(report),
      saved: silent,
      runWorker: () => Promise.reject(new Error('The trainings are made up.')),
      teacherKey: () => null,
    };
  }
}

export const stopWith = (stop: AbortController, reason: StopReason): void => stop.abort(reason);
