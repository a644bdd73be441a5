import { existsSync, renameSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StudioError } from '../../contract/errors.ts';
import { fileSlug } from '../../core/text.ts';
import { syncFolder } from '../../model/files.ts';
import type { Store } from '../../store/store.ts';
import type { ReviewHeader, ReviewLine } from './review-file.ts';

/** Rows put on paper in one turn of the event loop. */
const rowsAtOnce = 500;

/**
 * Writes this person's review of an extraction into a file that another workspace can import: a line
 * that says what it is, then a line for each row of which something was said. The file appears whole
 * or not at all, and never takes the place of another.
 *
 * @throws StudioError rows-missing when nothing was reviewed
 */
export async function writeReview(
  store: Store,
  folder: string,
  { extractionId, reviewer }: { extractionId: string; reviewer: string },
): Promise<{ path: string; rows: number }> {
  const { projectId, teacher } = store.extractions.get(extractionId);
  const project = store.projects.get(projectId).name;
  const header: ReviewHeader = {
    ...{ format: 'stepwise-review', version: 1, project, teacher: teacher.name, reviewer },
  };
  await mkdir(folder, { recursive: true });
  const base = `${fileSlug(project, 'rows')}-review-${fileSlug(reviewer, 'reviewer')}`;
  const temporary = join(folder, `${base}.part-${process.pid}`);
  const file = await open(temporary, 'w');
  let rows = 0;
  try {
    let lines = `${JSON.stringify(header)}\n`;
    for (const row of store.reviews.own(extractionId)) {
      lines += `${JSON.stringify(toLine(row))}\n`;
      rows += 1;
      if (rows % rowsAtOnce !== 0) continue;
      await file.write(lines);
      lines = '';
      await nextTurn();
    }
    await file.write(lines);
    await file.sync();
    await file.close();
    if (rows === 0) throw nothingReviewed();
    const path = freePath(folder, base);
    renameSync(temporary, path);
    await syncFolder(folder);
    return { path, rows };
  } catch (caught) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw caught;
  }
}

type OwnReview = ReturnType<Store['reviews']['own']> extends Iterable<infer Row> ? Row : never;

function toLine({ externalId, input, choices, review }: OwnReview): ReviewLine {
  const { verdict, label, rationale, stale, note, tags, updatedAt } = review;
  const said = { verdict, label, rationale, stale, note, tags, updatedAt };
  return { id: externalId, input, choices, ...said };
}

function freePath(folder: string, base: string): string {
  const path = (n: number): string => join(folder, `${base}${n === 1 ? '' : `-${n}`}.jsonl`);
  let n = 1;
  while (existsSync(path(n))) n += 1;
  return path(n);
}

const nothingReviewed = (): StudioError =>
  new StudioError(
    'rows-missing',
    'No row of this extraction was reviewed yet.',
    'Accept or reject some rows first.',
  );
