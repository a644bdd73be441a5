import { z } from 'zod';
import type { MetricPoint, Part, Run, RunSettings, Study } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { JobProgress } from '../../contract/jobs.ts';
import type { Store, StudyRun } from '../../store/store.ts';
import type { JobContext, JobDefinition, StopReason, WorkspaceFolders } from '../job.ts';
import { endedAlike, endedRuns, isSeenAlike } from './existing.ts';
import type { SeenWith } from './existing.ts';
import { isBelowMedian } from './median.ts';
import { curveOf, leaders } from './sweep-result.ts';

export { armName, armOf, armsOf, mostRuns, planRuns, sharesOf } from './plan.ts';
export { checkPlan, previewStudy } from './preview.ts';
export { studyResult } from './result.ts';

const StudyInput = z.strictObject({ studyId: z.string() });
type StudyInput = z.infer<typeof StudyInput>;

/** A run's rows and settings as a study asks for them. */
export interface RunRequest {
  readonly splitId: string;
  readonly extractionId: string | null;
  readonly settings: RunSettings;
}

/** What a study does through other stages, which it does not know itself. */
export interface StudyTools {
  createRun(
    store: Store,
    request: RunRequest & {
      readonly projectId: string;
      readonly name: string | null;
      readonly studyId: string;
    },
  ): Run;
  /** What a run would be made from, and the hash of the rows that it would learn. */
  foreseeRun(store: Store, request: RunRequest): SeenWith & { readonly rowsHash: string };
  /** The hash of the rows that a run has learned; null where nothing tells. */
  learnedHash(
    store: Store,
    folders: Pick<WorkspaceFolders, 'run'>,
    run: Run,
  ): Promise<string | null>;
  trainRun(
    context: JobContext,
    runId: string,
    options: {
      readonly stop: AbortSignal;
      readonly onPoints: (points: readonly MetricPoint[]) => void;
      readonly onStep: (step: number, phase: JobProgress['phase']) => void;
    },
  ): Promise<void>;
  evaluateRuns(
    context: JobContext,
    request: { splitId: string; part: Part; runIds: string[] },
    onRow: () => void,
  ): Promise<void>;
}

/**
 * Trains the runs of a study one after another, and decodes the part that they are compared on. What
 * it did is in saved rows: started again, it goes on with the run that it was at, and neither trains
 * nor decodes anything twice.
 */
export function studyJob(tools: StudyTools): JobDefinition<StudyInput> {
  return {
    kind: 'study',
    input: StudyInput,
    unit: 'steps',
    lane: 'numeric',
    run: (context, { studyId }) =>
      new StudyRunner(tools, context, context.store.studies.get(studyId)).run(),
  };
}

/** One attempt at a study's job. */
class StudyRunner {
  readonly #tools: StudyTools;
  readonly #context: JobContext;
  readonly #study: Study;

  constructor(tools: StudyTools, context: JobContext, study: Study) {
    this.#tools = tools;
    this.#context = context;
    this.#study = study;
  }

  async run(): Promise<void> {
    const { plan } = this.#study;
    await this.#takeUp();
    for (const planned of this.#runs()) {
      if (this.#stopped) return;
      const { number } = planned;
      const run = this.#made(planned);
      const ruledOut = run.ended === null && (await this.#train(run, number));
      if (this.#stopped) return;
      this.#nameEnd(run.id, () => ruledOut || this.#isHopeless(run.id, number));
      if (plan.kind !== 'sweep') await this.#decode(plan.part, [run.id]);
    }
    if (plan.kind === 'sweep' && !this.#stopped) {
      await this.#decode('validation', leaders(this.#store, this.#runs()).slice(0, 2));
    }
  }

  get #store(): Store {
    return this.#context.store;
  }

  get #stopped(): boolean {
    return this.#context.signal.aborted;
  }

  #runs(): StudyRun[] {
    return this.#store.studies.runs(this.#study.id);
  }

  #request(settings: RunSettings): RunRequest {
    return {
      splitId: this.#study.splitId,
      extractionId: this.#study.extractionId,
      settings,
    };
  }

  /** Gives the places of the plan to runs that the project has already. */
  async #takeUp(): Promise<void> {
    const ended = endedRuns(this.#store, this.#study);
    for (const { number, settings, runId } of this.#runs()) {
      if (runId !== null) continue;
      const equal = await this.#equalRun(endedAlike(ended, settings), settings);
      if (equal === null) continue;
      this.#store.studies.assign(this.#study.id, number, equal.id);
      this.#context.saved('studies');
    }
  }

  async #equalRun(candidates: readonly Run[], settings: RunSettings): Promise<Run | null> {
    if (candidates.length === 0) return null;
    const wanted = this.#tools.foreseeRun(this.#store, this.#request(settings));
    for (const run of candidates) {
      if (!isSeenAlike(this.#store, run, wanted)) continue;
      const learned = await this.#tools.learnedHash(this.#store, this.#context.folders, run);
      if (learned === wanted.rowsHash) return run;
    }
    return null;
  }

  /** The run at a place of the plan, made now if there is none. */
  #made(planned: StudyRun): Run {
    if (planned.runId !== null) return this.#store.runs.get(planned.runId);
    const run = this.#store.transaction(() => {
      const made = this.#tools.createRun(this.#store, {
        ...this.#request(planned.settings),
        projectId: this.#study.projectId,
        name: null,
        studyId: this.#study.id,
      });
      this.#store.studies.assign(this.#study.id, planned.number, made.id);
      return made;
    });
    this.#context.saved('runs');
    return run;
  }

  /**
   * Trains one run to its end. One that diverges has come to its end, too.
   * @returns whether the median rule stopped it; another evaluation may have come in behind that
   */
  async #train(run: Run, number: number): Promise<boolean> {
    const { studies } = this.#store;
    const stop = new AbortController();
    const before = this.#tally(run.id);
    const { steps } = run.settings;
    studies.setCurrentRun(this.#study.id, run.id);
    this.#context.saved('studies');
    try {
      await this.#tools.trainRun(this.#context, run.id, {
        stop: stop.signal,
        onPoints: (points) => {
          const evaluated = points.some(({ validation }) => validation !== null);
          if (evaluated && this.#isHopeless(run.id, number)) stop.abort(finish);
        },
        onStep: (step, phase) => {
          const [done, total] = [before.done + step, before.total + steps];
          this.#context.progress({ done, total, phase });
        },
      });
    } catch (caught) {
      if (!(caught instanceof StudioError && caught.code === 'training-diverged')) throw caught;
    } finally {
      studies.setCurrentRun(this.#study.id, null);
      this.#context.saved('studies');
    }
    return stop.signal.aborted;
  }

  /** What the median rule ended is not what a person kept. */
  #nameEnd(runId: string, isRuledOut: () => boolean): void {
    const { ended } = this.#store.runs.get(runId);
    if (ended?.reason !== 'kept-best' || !isRuledOut()) return;
    this.#store.runs.setEnd(runId, { reason: 'median-rule', step: ended.step });
    this.#context.saved('runs');
  }

  /** Whether the median rule says that a trial is to be stopped, by the trials before it. */
  #isHopeless(runId: string, number: number): boolean {
    const { plan } = this.#study;
    if (plan.kind !== 'sweep' || !plan.medianRule) return false;
    const earlier = this.#runs()
      .slice(0, number)
      .flatMap(({ runId: id }) => {
        const reason = id === null ? null : this.#store.runs.get(id).ended?.reason;
        const whole = reason === 'steps-done' || reason === 'early-stopping';
        return id !== null && whole ? [curveOf(this.#store, id)] : [];
      });
    return isBelowMedian(curveOf(this.#store, runId), earlier);
  }

  /** Decodes a part with runs that have something to decode with. */
  async #decode(part: Part, runIds: readonly string[]): Promise<void> {
    const ready = runIds.filter((id) => this.#store.runs.checkpoint(id, 'best') !== null);
    if (ready.length === 0) return;
    const { splitId } = this.#study;
    const steps = this.#tally(null);
    await this.#tools.evaluateRuns(this.#context, { splitId, part, runIds: ready }, () =>
      this.#context.progress({ ...steps, phase: 'evaluating' }),
    );
    this.#context.saved('studies');
  }

  /**
   * Steps of the runs that this study makes, all but one of them; those that it has taken up are no
   * work of its own. A run that ended early has no further steps.
   */
  #tally(except: string | null): { readonly done: number; readonly total: number } {
    let [done, total] = [0, 0];
    for (const { runId, settings } of this.#runs()) {
      if (runId === null) {
        total += settings.steps;
        continue;
      }
      const run = this.#store.runs.get(runId);
      if (run.studyId !== this.#study.id || runId === except) continue;
      total += run.ended?.step ?? settings.steps;
      done += run.ended?.step ?? this.#store.runs.checkpoint(runId, 'last')?.step ?? 0;
    }
    return { done, total };
  }
}

/** Ends a training and keeps its best student. */
const finish: StopReason = 'finish';
