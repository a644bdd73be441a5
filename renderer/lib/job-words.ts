import type { JobKind, JobRecord } from '../../electron/contract/jobs.ts';
import { i18n } from './i18n/index.svelte.ts';
import type { Step } from './router.svelte.ts';

const stepOfKind: Record<JobKind, Step> = {
  import: 'data',
  extract: 'teacher',
  train: 'train',
  evaluate: 'compare',
  export: 'export',
};

/** The screen on which a job's work is seen. */
export const jobStep = (kind: JobKind): Step => stepOfKind[kind];

/** Main writes titles in English as a verb and the name a person gave; other languages keep the name. */
export function jobTitle(job: JobRecord): string {
  if (i18n.language === 'en') return job.title;
  const kind = i18n.t.jobs.kind[job.kind];
  if (job.kind === 'evaluate') return kind;
  const name = job.title.replace(/^(Extract rationales with|Import|Train|Export) /, '');
  return `${kind} · ${name}`;
}

/** What a job is doing, in a few words: state or phase, done of total, rate, time left. */
export function jobLine(job: JobRecord): string {
  const { t, format } = i18n;
  const { progress, state } = job;
  const total = progress.total;
  const done =
    total === null
      ? t.jobs.unit[progress.unit](progress.done, format.number(progress.done))
      : t.jobs.unit[progress.unit](
          total,
          t.jobs.done(format.number(progress.done), format.number(total)),
        );
  if (state === 'queued') return `${t.jobs.state.queued} · ${t.jobs.waiting}`;
  if (state !== 'running') return `${t.jobs.state[state]} · ${done}`;
  return [
    t.jobs.phase[progress.phase],
    done,
    !progress.rate ? null : t.jobs.rate(format.short(progress.rate)),
    progress.secondsLeft === null ? null : t.jobs.left(format.duration(progress.secondsLeft)),
  ]
    .filter((piece) => piece !== null)
    .join(' · ');
}
