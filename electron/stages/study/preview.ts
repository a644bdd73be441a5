import type {
  Arm,
  RunSettings,
  StudyPlan,
  StudyPreview,
  TrainingRows,
} from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { usesRationales } from '../../core/methods.ts';
import type { Store } from '../../store/store.ts';
import { endedAlike, endedRuns, isSeenAlike } from './existing.ts';
import type { SeenWith } from './existing.ts';
import type { RunRequest } from './index.ts';
import { armName, armsOf, planRuns, sharesOf } from './plan.ts';
import { expectedSeconds } from './seconds.ts';

/** What a study is planned on. */
export interface StudyDraft {
  readonly projectId: string;
  readonly splitId: string;
  readonly extractionId: string | null;
  readonly plan: StudyPlan;
}

/** What would be learned by runs that are not made yet; see the tools of a study. */
export interface Foreseen extends SeenWith {
  readonly counts: TrainingRows;
  readonly rowsHash: string;
}

type Foresee = (requests: readonly RunRequest[]) => Promise<readonly Foreseen[]>;
type LearnedHash = (runId: string) => Promise<string | null>;

/**
 * Refuses a plan that makes no sense, or that the project has no rows for.
 *
 * @param foresee says what runs would learn; it reads all rows, so it belongs into a thread
 * @returns the runs that the plan asks for, in their order
 * @throws StudioError invalid-input, rows-missing
 */
export async function checkPlan(
  store: Store,
  draft: StudyDraft,
  foresee: Foresee,
): Promise<RunSettings[]> {
  const runs = planRuns(draft.plan);
  refuseUnscored(store, draft);
  const arms = armsOf(draft.plan);
  const firsts = arms.map((arm) => runs.find((run) => isOf(run, arm)));
  const requests = firsts.flatMap((settings) => (settings ? [requestOf(draft, settings)] : []));
  for (const [index, { counts }] of (await foresee(requests)).entries()) {
    const arm = arms[index];
    if (arm !== undefined) refuseEmptyArm(arm, counts);
  }
  return runs;
}

/** How many runs a plan makes, what they learn from and how long they take. @throws as {@link checkPlan} */
export async function previewStudy(
  store: Store,
  draft: StudyDraft,
  { foresee, learnedHash }: { foresee: Foresee; learnedHash: LearnedHash },
): Promise<StudyPreview> {
  const runs = await checkPlan(store, draft, foresee);
  const existing = await existingRuns(store, draft, runs, { foresee, learnedHash });
  const missing = runs.filter((_, index) => !existing.has(index));
  return {
    runs: runs.length,
    existing: existing.size,
    steps: missing.reduce((sum, { steps }) => sum + steps, 0),
    rows: await rowsOf(draft, runs, foresee),
    seconds: expectedSeconds(store, draft.projectId, missing),
  };
}

/** Which of the planned runs there are already, by their place in the plan. */
async function existingRuns(
  store: Store,
  draft: StudyDraft,
  runs: readonly RunSettings[],
  { foresee, learnedHash }: { foresee: Foresee; learnedHash: LearnedHash },
): Promise<Set<number>> {
  const ended = endedRuns(store, draft);
  const likely = runs.flatMap((settings, index) => {
    const candidates = endedAlike(ended, settings);
    return candidates.length === 0 ? [] : [{ index, settings, candidates }];
  });
  const foreseen = await foresee(likely.map(({ settings }) => requestOf(draft, settings)));
  const there = new Set<number>();
  for (const [at, { index, candidates }] of likely.entries()) {
    const wanted = foreseen[at];
    if (wanted === undefined) continue;
    for (const run of candidates) {
      if (!isSeenAlike(store, run, wanted)) continue;
      if ((await learnedHash(run.id)) === wanted.rowsHash) there.add(index);
    }
  }
  return there;
}

/** Training rows at each share, as the first arm learns them with the first seed. */
async function rowsOf(
  draft: StudyDraft,
  runs: readonly RunSettings[],
  foresee: Foresee,
): Promise<StudyPreview['rows']> {
  const [arm] = armsOf(draft.plan);
  const shares = sharesOf(draft.plan).flatMap((share) => {
    const settings = runs.find((run) => arm && isOf(run, arm) && run.trainShare === share);
    return settings === undefined ? [] : [{ share, settings }];
  });
  const counted = await foresee(shares.map(({ settings }) => requestOf(draft, settings)));
  return shares.map(({ share }, index) => ({ share, rows: counted[index]?.counts.labels ?? 0 }));
}

const requestOf = ({ splitId, extractionId }: StudyDraft, settings: RunSettings): RunRequest => ({
  splitId,
  extractionId,
  settings,
});

const isOf = (settings: RunSettings, { method, labelSource }: Arm): boolean =>
  settings.method === method && settings.labelSource === labelSource;

/** Students that are compared need rows to be scored on. A sweep is scored as trainings are. */
function refuseUnscored(store: Store, { splitId, plan }: StudyDraft): void {
  const split = store.splits.get(splitId);
  const part = plan.kind === 'sweep' ? 'validation' : plan.part;
  if (split.counts[part] === 0) {
    throw new StudioError(
      'rows-missing',
      `The ${part} part of “${split.name}” has no rows.`,
      'Choose another part, or make a split that has rows there.',
    );
  }
  if (plan.kind === 'sweep') return;
  if (store.splits.members(splitId, part).some(({ gold }) => gold !== null)) return;
  throw new StudioError(
    'rows-missing',
    `No row of the ${part} part of “${split.name}” has a gold label to score students against.`,
    'Compare on a part that has some, or import labels for these rows.',
  );
}

function refuseEmptyArm(arm: Arm, { labels, explained, dropped }: TrainingRows): void {
  if (usesRationales(arm.method) && labels + dropped > 0 && explained === 0) {
    throw new StudioError(
      'rows-missing',
      `No training row has a rationale that ${armName(arm)} could learn.`,
      'Run an extraction first, choose another rule for rationales, or leave this method out.',
    );
  }
  if (labels > 0) return;
  throw new StudioError(
    'rows-missing',
    `No training row has a ${arm.labelSource === 'gold' ? 'gold' : 'teacher’s'} label that ${armName(arm)} could learn.`,
    arm.labelSource === 'gold'
      ? 'Map a label column when importing, or leave this method out.'
      : 'Run an extraction first, or leave this method out.',
  );
}
