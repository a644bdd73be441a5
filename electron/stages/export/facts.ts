import { basename } from 'node:path';
import type {
  Accuracy,
  ExportFormat,
  ExportProof,
  ExportRecord,
  ExportSnippet,
  Part,
  Run,
} from '../../contract/entities.ts';
import { answerFormatOf } from '../../core/methods.ts';
import { wilson } from '../../core/statistics.ts';
import { version } from '../../core/version.ts';
import type { Evaluation, Store } from '../../store/store.ts';
import { computingSeconds } from '../training-time.ts';
import { modelCard } from './card.ts';
import type { CardFacts, CardSpeed, CardTeaching } from './card.ts';
import type { ChosenCheckpoint } from './checkpoints.ts';
import { cascadeOf } from './manifest.ts';
import { proofRowsOf } from './proof.ts';
import { snippetsOf } from './snippets.ts';

/** The folder that is written, and what trying it has shown. */
export interface Written {
  readonly format: ExportFormat;
  /** Its final name. */
  readonly folder: string;
  readonly proof: ExportProof | null;
}

/** The model card of an export, from saved rows. */
export function cardOf(
  store: Store,
  run: Run,
  checkpoint: ChosenCheckpoint,
  written: Written,
): string {
  const split = store.splits.get(run.splitId);
  const project = store.projects.get(run.projectId);
  const extraction = run.extractionId ? store.extractions.get(run.extractionId) : null;
  const test = evaluationOf(store, run, checkpoint, 'test');
  const validation = evaluationOf(store, run, checkpoint, 'validation');
  const taught =
    test && extraction ? store.extractions.partSummary(extraction.id, run.splitId, 'test') : null;
  const teacherSeen = taught !== null && taught.rows > 0;
  // The card shows scores of the sealed test part: whoever has it has looked.
  if (test) {
    store.splits.look(split.id, [test.id, ...(teacherSeen && extraction ? [extraction.id] : [])]);
  }
  const data = store.data.list(project.id);
  return modelCard({
    ...{ project, run, checkpoint, split, version },
    ...{ format: written.format, proof: written.proof },
    data,
    languages: languagesOf(data.map(({ card }) => card?.languages ?? [])),
    teacher: extraction?.teacher ?? null,
    teaching: extraction && teachingOf(store, extraction.id),
    test: scoreOf(test),
    validation: scoreOf(validation),
    teacherTest: teacherSeen ? wilson(taught.correct, taught.rows) : null,
    speed: speedOf(store, run, checkpoint),
    trainingSeconds: run.imported ? null : computingSeconds(store, run),
    cascade: cascadeOf(store, run, checkpoint),
    snippet: sharedSnippet(run, written),
  });
}

/** As a card shows it to whoever gets the folder: no path of this computer, and no row of the data. */
function sharedSnippet(run: Run, { folder, format }: Written): ExportSnippet | null {
  const asked = answerFormatOf(run.settings);
  const rationale = asked.rationaleMark === null ? null : 'The rationale of the teacher';
  const example = { text: 'Your text', rationale };
  return snippetsOf({ folder: `./${basename(folder)}`, format, asked, example })[0] ?? null;
}

/** Programs that ask an export, with a row of its project. */
export const exportSnippets = (store: Store, record: ExportRecord): ExportSnippet[] =>
  snippetsFor(store, store.runs.get(record.runId), record);

/** The shortest of these stands in the programs. */
const exampleRows = 20;

function snippetsFor(
  store: Store,
  run: Run,
  { folder, format }: Pick<Written, 'folder' | 'format'>,
): ExportSnippet[] {
  const asked = answerFormatOf(run.settings);
  const { inputs } = proofRowsOf(store, run, exampleRows);
  const [shortest] = inputs.toSorted((a, b) => a.text.length - b.text.length);
  const example = shortest ?? { text: 'Your text', rationale: null };
  return snippetsOf({ folder, format, asked, example });
}

/** The finished evaluation of this very checkpoint; those of others are of other students. */
function evaluationOf(
  store: Store,
  run: Run,
  { step }: ChosenCheckpoint,
  part: Part,
): Evaluation | null {
  const complete = store.evaluations.complete(run.splitId, part);
  return (
    complete.find(({ runId, checkpointStep }) => runId === run.id && checkpointStep === step) ??
    null
  );
}

const scoreOf = (evaluation: Evaluation | null): Accuracy | null =>
  evaluation && evaluation.withGold > 0 ? wilson(evaluation.correct, evaluation.withGold) : null;

function teachingOf(store: Store, extractionId: string): CardTeaching {
  const { templateId, settings, spend, completed } = store.extractions.get(extractionId);
  const template = templateId === null ? null : store.teachers.template(templateId);
  const { accepted, edited, rejected } = store.reviews.progress(extractionId);
  return {
    template: template && {
      ...{ name: template.name, version: template.version },
      exemplars: template.exemplars.length,
    },
    ...{ temperature: settings.temperature, maxTokens: settings.maxTokens },
    ...{ samples: settings.samples, answered: completed, spend },
    parsed: store.extractions.summary(extractionId).parsed,
    review: { accepted, edited, rejected },
  };
}

function speedOf(store: Store, run: Run, { step }: ChosenCheckpoint): CardSpeed | null {
  const saved = store.evaluations.speed(run.id, step);
  if (saved === null || saved.timings.length === 0) return null;
  const { throughput, engine, threads, device, busy } = saved;
  const sorted = saved.timings.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return { median, throughput, engine, threads, device, busy };
}

/** Share of the rows that a language needs to be named. */
const enoughRows = 0.1;

/** Languages of the data, the commonest first; none where it can't be told. */
function languagesOf(
  cards: readonly (readonly { readonly code: string; readonly rows: number }[])[],
): CardFacts['languages'] {
  const rows = new Map<string, number>();
  for (const { code, rows: count } of cards.flat()) rows.set(code, (rows.get(code) ?? 0) + count);
  const all = [...rows.values()].reduce((sum, count) => sum + count, 0);
  return [...rows]
    .filter(([code, count]) => code !== 'und' && count >= enoughRows * all)
    .sort(([, a], [, b]) => b - a)
    .map(([code]) => code);
}
