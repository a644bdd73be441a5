import { z } from 'zod';
import { ErrorValue } from '../contract/errors.ts';
import { JobProgress } from '../contract/jobs.ts';
import type { JobRecord } from '../contract/jobs.ts';
import type { Db } from './sql.ts';
import { atomically, found, fromJson, newId, now, softly, toJson, written } from './sql.ts';
import type { JobRows, StoredJob } from './store.ts';

type Row = Omit<JobRecord, 'progress' | 'error'> & { progress: string; error: string | null };

const columns = `
  id, project_id AS projectId, kind, subject_id AS subjectId, title, state, place, progress, error,
  seq, created_at AS createdAt, started_at AS startedAt, ended_at AS endedAt`;

/** Jobs, oldest first. */
export function jobRows(db: Db): JobRows {
  const selectAll = db.prepare<{ projectId: string | null }, Row>(
    `SELECT ${columns} FROM jobs WHERE @projectId IS NULL OR project_id = @projectId
     ORDER BY rowid`,
  );
  const selectOne = db.prepare<[string], Row & { input: string }>(
    `SELECT ${columns}, input FROM jobs WHERE id = ?`,
  );
  const selectUnfinished = db.prepare<[], Row>(
    `SELECT ${columns} FROM jobs WHERE state IN ('queued', 'running') ORDER BY rowid`,
  );
  const insert = db.prepare<Row & { input: string }>(
    `INSERT INTO jobs (id, project_id, kind, subject_id, title, state, place, progress, error,
       seq, input, created_at, started_at, ended_at)
     VALUES (@id, @projectId, @kind, @subjectId, @title, @state, @place, @progress, @error,
       @seq, @input, @createdAt, @startedAt, @endedAt)`,
  );
  const update = db.prepare<Row>(
    `UPDATE jobs SET subject_id = @subjectId, title = @title, state = @state, place = @place,
       progress = @progress, error = @error, seq = @seq, started_at = @startedAt,
       ended_at = @endedAt
     WHERE id = @id`,
  );

  const get = (jobId: string): StoredJob => {
    const { input, ...row } = found(selectOne.get(jobId), 'job');
    return { ...toRecord(row), input: fromJson(z.unknown(), input) };
  };
  // Progress comes five times a second, and the disk is not waited for: after a power cut a running
  // job is interrupted, however far it had come. How a job ended is on the disk.
  const save = (record: JobRecord): void => {
    const commit = record.state === 'running' ? softly : atomically;
    commit(db, () => written(update.run(toRow(record)), 'job'));
  };
  return {
    list: (projectId) => selectAll.all({ projectId }).map(toRecord),
    get,
    create({ input, unit, ...job }) {
      const record: JobRecord = {
        ...job,
        id: newId(),
        state: 'queued',
        progress: {
          ...{ done: 0, total: null, unit, phase: 'preparing' },
          ...{ rate: null, secondsLeft: null },
        },
        error: null,
        place: null,
        seq: 0,
        createdAt: now(),
        startedAt: null,
        endedAt: null,
      };
      insert.run({ ...toRow(record), input: toJson(input ?? null) });
      return get(record.id);
    },
    save,
    interruptRunning: () =>
      atomically(db, () => {
        const endedAt = now();
        return selectUnfinished.all().map((row) => {
          const record = interrupted(toRecord(row), endedAt);
          save(record);
          return record;
        });
      }),
  };
}

/** What a job is after its process died: stopped, with the work it had saved. */
const interrupted = (record: JobRecord, endedAt: string): JobRecord => ({
  ...record,
  state: 'interrupted',
  progress: { ...record.progress, rate: null, secondsLeft: null },
  seq: record.seq + 1,
  endedAt,
});

const toRow = (record: JobRecord): Row => ({
  ...record,
  progress: toJson(record.progress),
  error: record.error === null ? null : toJson(record.error),
});

const toRecord = (row: Row): JobRecord => ({
  ...row,
  progress: fromJson(JobProgress, row.progress),
  error: row.error === null ? null : fromJson(ErrorValue, row.error),
});
