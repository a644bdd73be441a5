import { basename, isAbsolute, resolve } from 'node:path';
import type { CallArguments } from '../../contract/calls.ts';
import type { StudentReport } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { JobRecord } from '../../contract/jobs.ts';
import { settledStates } from '../../contract/jobs.ts';
import { checkStudentTask } from '../../stages/train/check-student.ts';
import type { Store } from '../../store/store.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names = 'students.list' | 'students.check' | 'students.add' | 'students.remove';
type Source = CallArguments<'students.check'>;

/** Pretrained students: folders that were looked at, and runs of any project can start from. */
export function studentHandlers({ store, files, threads, saved }: HandlerDeps): HandlersOf<Names> {
  const check = (folder: string): Promise<StudentReport> =>
    threads.run(checkStudentTask, { folder });
  const folderOf = (source: Source): string => {
    if ('fileId' in source) return files.resolve(source.fileId).path;
    if (isAbsolute(source.path)) return resolve(source.path);
    throw new StudioError(
      'invalid-input',
      `“${source.path}” is not a whole path.`,
      'Write where the folder is from the root on, for example /home/me/models/t5-small.',
    );
  };
  return {
    'students.list': () => store.students.list(),
    'students.check': (source) => check(folderOf(source)),
    'students.add': async (source) => {
      const folder = folderOf(source);
      if (files.isUpload(folder)) throw notKept();
      const report = await check(folder);
      refuseUnusable(report);
      const student = store.students.save({ name: basename(folder), folder, report });
      saved(null, 'students');
      return student;
    },
    'students.remove': ({ studentId }) => {
      const { name } = store.students.get(studentId);
      refuseWhileUsed(store, studentId, name);
      store.students.remove(studentId);
      saved(null, 'students');
      return {};
    },
  };
}

/** @throws StudioError `model-invalid`, with the first of its errors */
function refuseUnusable({ usable, findings }: StudentReport): void {
  const error = findings.find(({ severity }) => severity === 'error');
  if (usable || error === undefined) return;
  throw new StudioError('model-invalid', error.message, error.hint);
}

/**
 * Refuses to take a student off the list that a run still needs: one that waits, trains or was left
 * off, alone or in a study whose runs are not all made yet.
 * @throws StudioError job-conflict
 */
function refuseWhileUsed(store: Store, studentId: string, name: string): void {
  for (const { id: projectId } of store.projects.list()) {
    const open = new Map(
      store.jobs
        .list(projectId)
        .filter(isUnfinished)
        .flatMap((job) => (job.subjectId === null ? [] : [[job.subjectId, job.title] as const])),
    );
    const alone = store.runs
      .list(projectId)
      .filter(({ id, settings }) => settings.student?.id === studentId && open.has(id));
    const studies = store.studies
      .list(projectId)
      .filter(
        ({ id }) =>
          open.has(id) &&
          store.studies.runs(id).some(({ settings }) => settings.student?.id === studentId),
      );
    const user = [...alone, ...studies][0];
    if (user === undefined) continue;
    throw new StudioError(
      'job-conflict',
      `“${name}” can't be removed while “${open.get(user.id) ?? user.name}” is not finished.`,
      'Wait until it ends, or cancel it first.',
    );
  }
}

/** Whether a job may still want to begin: paused and interrupted ones can be resumed. */
const isUnfinished = ({ state }: JobRecord): boolean =>
  !settledStates.includes(state) || state === 'paused' || state === 'interrupted';

function notKept(): StudioError {
  return new StudioError(
    'invalid-input',
    'An uploaded folder is removed again when the studio is closed.',
    'Write the path of the folder instead: the studio reads it where it lies.',
  );
}
