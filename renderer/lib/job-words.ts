import type { JobKind, JobRecord } from '../../electron/contract/jobs.ts';
import { i18n } from './i18n/index.svelte.ts';
import type { Step } from './router.svelte.ts';

const stepOfKind: Record<JobKind, Step> = {
  import: 'data',
  extract: 'teacher',
  train: 'train',
  evaluate: 'compare',
  export: 'export',
  check: 'rationales',
  leaks: 'split',
  'data-export': 'rationales',
  study: 'train',
  'predict-file': 'compare',
  report: 'compare',
  'import-student': 'train',
};

/** The screen on which a job's work is seen. */
export const jobStep = (kind: JobKind): Step => stepOfKind[kind];

/** Main writes titles in English as a verb and the name a person gave; other languages keep the name. */
export function jobTitle(job: JobRecord): string {
  if (i18n.language === 'en') return job.title;
  const kind = i18n.t.jobs.kind[job.kind];
  if (job.kind === 'evaluate' || job.kind === 'leaks') return kind;
  const name = job.title.replace(
    /^(Extract rationales with|Import student|Import|Train|Study|Export rows of|Export|Answer|Report) /,
    '',
  );
  return `${kind} · ${name}`;
}

/** The limit at which a job paused by itself; null for every other job. */
export function capReached({ state, error }: JobRecord): 'budget' | 'requests' | null {
  if (state !== 'paused') return null;
  if (error?.code === 'budget-reached') return 'budget';
  return error?.code === 'request-cap-reached' ? 'requests' : null;
}

/** What a job is doing, in a few words: state or phase, done of total, rate, time left. */
export function jobLine(job: JobRecord): string {
  const { t, format } = i18n;
  const { progress, state } = job;
  const total = progress.total;
  const count = progress.unit === 'bytes' ? format.bytes : format.number;
  const done =
    total === null
      ? t.jobs.unit[progress.unit](progress.done, count(progress.done))
      : t.jobs.unit[progress.unit](total, t.jobs.done(count(progress.done), count(total)));
  if (state === 'queued') return `${t.jobs.state.queued} · ${t.jobs.waiting}`;
  if (state !== 'running') {
    const cap = capReached(job);
    // Work that ended before anything was counted has nothing to tell of it.
    const counted = total === null && progress.done === 0 ? null : done;
    return [t.jobs.state[state], counted, cap && t.jobs.capped[cap]].filter(Boolean).join(' · ');
  }
  return [
    t.jobs.phase[progress.phase],
    done,
    !progress.rate
      ? null
      : t.jobs.rate((progress.unit === 'bytes' ? format.bytes : format.short)(progress.rate)),
    networkLine(progress.network),
    progress.secondsLeft === null ? null : t.jobs.left(format.duration(progress.secondsLeft)),
  ]
    .filter((piece) => piece !== null)
    .join(' · ');
}

/** Requests on their way, or until when the server asked to be left alone. */
function networkLine(network: JobRecord['progress']['network']): string | null {
  if (network === undefined) return null;
  const { t, format } = i18n;
  if (network.waitingUntil !== null) return t.jobs.patience(format.clock(network.waitingUntil));
  return t.jobs.inFlight(format.number(network.inFlight), format.number(network.slots));
}
