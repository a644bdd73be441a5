import { resumableStates } from '../contract/jobs.ts';
import type { JobRecord } from '../contract/jobs.ts';
import type { JobRegistry } from '../jobs/registry.ts';
import { checkJob } from '../stages/review/index.ts';
import type { Store } from '../store/store.ts';

type Deps = { readonly store: Store; readonly jobs: JobRegistry };

const isCheckOf =
  (extractionId: string) =>
  ({ kind, subjectId }: JobRecord): boolean =>
    kind === 'check' && subjectId === extractionId;

/**
 * Checks the rationales of an extraction, or takes up the check that stopped half-way.
 * @throws StudioError job-conflict while the extraction has another job
 */
export function startCheck({ store, jobs }: Deps, extractionId: string): JobRecord {
  const { projectId, teacher } = store.extractions.get(extractionId);
  const stopped = jobs
    .list(projectId)
    .findLast((job) => isCheckOf(extractionId)(job) && resumableStates.includes(job.state));
  if (stopped) return jobs.resume(stopped.id);
  return jobs.start(checkJob, {
    projectId,
    subjectId: extractionId,
    title: `Check rationales of ${teacher.name}`,
    input: { extractionId },
  });
}

/**
 * Checks what there is to check without being asked, as after an extraction; nothing while another
 * job works on the same answers, whose end brings the next occasion.
 */
export function checkByItself({ store, jobs }: Deps, extractionId: string): void {
  const { projectId } = store.extractions.get(extractionId);
  if (jobs.active(projectId).some(({ subjectId }) => subjectId === extractionId)) return;
  if (store.health.count(extractionId, 'unchecked') > 0) startCheck({ store, jobs }, extractionId);
}

/** Pauses the check of an extraction, so that its answers can change; they are checked afterwards. */
export async function pauseCheck(jobs: JobRegistry, extractionId: string | null): Promise<void> {
  const running = jobs.active().find(isCheckOf(extractionId ?? ''));
  if (running === undefined) return;
  jobs.pause(running.id);
  await jobs.settled(running.id);
}
