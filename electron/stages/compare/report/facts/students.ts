import { basename } from 'node:path';
import { RunSettings, isTrainingKnown, systemKey } from '../../../../contract/entities.ts';
import type { Run } from '../../../../contract/entities.ts';
import { canonicalJson } from '../../../../core/hash.ts';
import { methodTraits } from '../../../../core/methods.ts';
import type { Store } from '../../../../store/store.ts';
import { curveOf } from './curves.ts';
import type { SettingDifference, StudentFacts } from './schema.ts';

/** What is suggested for a project's rows, a method and a student; the stage of training says. */
export type SuggestSettings = (
  store: Store,
  asked: {
    readonly projectId: string;
    readonly splitId: string;
    readonly method: RunSettings['method'];
    readonly preset: RunSettings['preset'];
    readonly student: string | null;
    readonly lora: boolean;
  },
) => Promise<RunSettings>;

/** Asks once for runs that are suggested the same. */
export class Suggestions {
  readonly #known = new Map<string, Promise<RunSettings | null>>();
  readonly #store: Store;
  readonly #suggest: SuggestSettings;

  constructor(store: Store, suggest: SuggestSettings) {
    this.#store = store;
    this.#suggest = suggest;
  }

  /** Null where nothing can be suggested any more, as for a student whose folder is gone. */
  of({ projectId, splitId, settings }: Run): Promise<RunSettings | null> {
    const { method, preset, student, lora } = settings;
    const asked = {
      ...{ projectId, splitId, method, preset },
      student: student?.id ?? null,
      lora: lora !== null,
    };
    const key = canonicalJson(asked);
    const known = this.#known.get(key) ?? this.#suggest(this.#store, asked).catch(() => null);
    this.#known.set(key, known);
    return known;
  }
}

/** One student: its settings, what of them is unusual, what it learned from and how that went. */
export async function studentFacts(
  store: Store,
  runId: string,
  suggestions: Suggestions,
): Promise<StudentFacts> {
  const run = store.runs.get(runId);
  const { name, settings, extractionId, studyId } = run;
  const from = run.imported ? store.runs.importedFrom(runId) : null;
  const trainingKnown = isTrainingKnown(run);
  const suggested = trainingKnown ? await suggestions.of(run) : null;
  return {
    key: systemKey.run(runId),
    ...{ name, method: settings.method, settings, settingsHash: run.settingsHash },
    needsTeacher: methodTraits[settings.method].needsTeacher,
    imported: from && {
      ...{ trainingKnown, seenTestRows: from.seenTestRows },
      folder: basename(from.folder),
    },
    differences: suggested && differencesOf(settings, suggested),
    rowsHash: store.runs.rowsHash(runId),
    trainRows: run.trainRows,
    rationaleRows: run.rationaleRows,
    taughtBy: extractionId === null ? null : systemKey.teacher(extractionId),
    study: studyId === null ? null : store.studies.get(studyId).name,
    parameters: run.parameters,
    engine: run.engine,
    bestStep: run.bestStep,
    bestValidation: run.bestValidation,
    ended: run.ended,
    createdAt: run.createdAt,
    curve: curveOf(store.runs.metrics(runId, 0)),
  };
}

/** Settings that stand for who is trained with which seed: they differ from run to run by design. */
const notCompared: ReadonlySet<string> = new Set(['seed', 'method', 'student', 'preset']);

/** Settings with another value than the suggested one, in the order of the names. */
export function differencesOf(settings: RunSettings, suggested: RunSettings): SettingDifference[] {
  const names = RunSettings.keyof().options.filter((name) => !notCompared.has(name));
  return names.flatMap((name) => {
    const [value, usual] = [settings[name], suggested[name]];
    if (canonicalJson(value) === canonicalJson(usual)) return [];
    return [{ name, value, suggested: usual }];
  });
}
