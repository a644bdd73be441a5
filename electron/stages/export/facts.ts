import type {
  ExportFormat,
  ExportProof,
  ExportRecord,
  ExportSnippet,
  Run,
} from '../../contract/entities.ts';
import { answerFormatOf, withTeacherRationale } from '../../core/methods.ts';
import { wilson } from '../../core/statistics.ts';
import { version } from '../../core/version.ts';
import type { Store } from '../../store/store.ts';
import { modelCard } from './card.ts';
import type { ChosenCheckpoint } from './checkpoints.ts';
import { cascadeOf } from './manifest.ts';
import { proofRowsOf } from './proof.ts';
import { snippetsOf } from './snippets.ts';

/** The model card of an export, from saved rows. */
export function cardOf(
  store: Store,
  run: Run,
  checkpoint: ChosenCheckpoint,
  _written: { readonly format: ExportFormat; readonly proof: ExportProof | null },
): string {
  const split = store.splits.get(run.splitId);
  const project = store.projects.get(run.projectId);
  const evaluation = store.evaluations
    .complete(run.splitId, 'test')
    .find((candidate) => candidate.runId === run.id);
  const extraction = run.extractionId ? store.extractions.get(run.extractionId) : null;
  const taught = extraction
    ? store.extractions.partSummary(extraction.id, run.splitId, 'test')
    : null;
  return modelCard({
    project,
    run,
    dataNames: store.data.list(project.id).map((dataset) => dataset.sourceName),
    splitName: split.name,
    splitSeed: split.settings.seed,
    teacher: extraction?.teacher ?? null,
    test: evaluation ? wilson(evaluation.correct, evaluation.withGold) : null,
    teacherTest: taught && taught.rows > 0 ? wilson(taught.correct, taught.rows) : null,
    cascade: cascadeOf(store, run, checkpoint),
    version,
  });
}

/** Programs that ask an export, with a row of its project. */
export function exportSnippets(store: Store, record: ExportRecord): ExportSnippet[] {
  const run = store.runs.get(record.runId);
  const asked = answerFormatOf(run.settings);
  const { inputs } = proofRowsOf(store, run, exampleRows);
  const lengths = inputs.map(({ text }) => text.length);
  const shortest = inputs[lengths.indexOf(Math.min(...lengths))];
  const { text, rationale } = shortest ?? { text: 'Your text', rationale: null };
  const example = withTeacherRationale(text, rationale, asked.rationaleMark);
  return snippetsOf({ ...record, asked, example });
}

/** Of these, the shortest is shown. */
const exampleRows = 20;
