import { readFile, stat } from 'node:fs/promises';
import type { Review } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { openReader } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { ThreadTask } from '../threads.ts';
import { readHeader, readLine } from './review-file.ts';
import type { ReviewLine } from './review-file.ts';

export interface ReadReviewInput {
  /** The store's file. */
  readonly database: string;
  readonly extractionId: string;
  /** The review file. */
  readonly path: string;
}

export interface OthersRow {
  readonly exampleId: number;
  readonly review: Omit<Review, 'reviewer'>;
}

export interface ReadReview {
  readonly reviewer: string;
  readonly unmatched: number;
}

/** Larger files are no reviews. */
const mostBytes = 512 * 1024 * 1024;
const batchRows = 1_000;

/**
 * Reads another person's review in a thread and finds the row that each line is about: by its id and
 * its input with its choices, so that a row that was changed since is not taken for the same.
 *
 * @throws StudioError file-unreadable, file-too-large, file-encoding, file-syntax and rows-invalid,
 *   each naming the line where there is one
 */
export const readReviewTask: ThreadTask<ReadReviewInput, readonly OthersRow[], ReadReview> = {
  name: 'review.read',
  async run({ database, extractionId, path }, emit) {
    const [first = '', ...lines] = (await textOf(path)).split(/\r?\n/u);
    const { reviewer } = readHeader(first);
    const store = openReader(database);
    try {
      const find = matcher(store, extractionId);
      let rows: OthersRow[] = [];
      let unmatched = 0;
      for (const [index, text] of lines.entries()) {
        if (text.trim() === '') continue;
        const line = readLine(text, index + 2);
        const exampleId = find(line, index + 2);
        if (exampleId === null) unmatched += 1;
        else rows.push({ exampleId, review: reviewOf(line) });
        if (rows.length < batchRows) continue;
        await emit(rows);
        rows = [];
      }
      if (rows.length > 0) await emit(rows);
      return { reviewer, unmatched };
    } finally {
      store.close();
    }
  },
};

/** Finds the row of a line; rows that are the same twice are taken one after another. */
function matcher(store: Store, extractionId: string) {
  const taken = new Map<number, number>();
  return ({ id, input, choices }: ReviewLine, line: number): number | null => {
    const alike = store.reviews
      .matching(extractionId, id)
      .filter((row) => row.input === input && sameChoices(row.choices, choices));
    const [first] = alike;
    if (first === undefined) return null;
    const free = alike.find(({ exampleId }) => !taken.has(exampleId));
    if (free === undefined) throw repeated(line, taken.get(first.exampleId) ?? line);
    taken.set(free.exampleId, line);
    return free.exampleId;
  };
}

const sameChoices = (a: readonly string[] | null, b: readonly string[] | null): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

function reviewOf(line: ReviewLine): OthersRow['review'] {
  const { verdict, label, rationale, stale, note, tags, updatedAt } = line;
  return { verdict, label, rationale, stale, note, tags, updatedAt };
}

async function textOf(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    if ((await stat(path)).size > mostBytes) throw tooLarge();
    bytes = await readFile(path);
  } catch (caught) {
    if (caught instanceof StudioError) throw caught;
    throw new StudioError(
      'file-unreadable',
      'The review file can’t be read.',
      'See that it is still there and that you may read it, then choose it again.',
      { cause: caught },
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new StudioError(
      'file-encoding',
      'The review file is not text in UTF-8.',
      'Choose the file as it was exported; another program may have changed it.',
      { cause },
    );
  }
}

const tooLarge = (): StudioError =>
  new StudioError(
    'file-too-large',
    'The file is larger than any review: over 512 MB.',
    'Choose a file that was written by “Export my review”.',
  );

const repeated = (line: number, earlier: number): StudioError =>
  new StudioError(
    'rows-invalid',
    `Line ${line} of the review file is about the same row as line ${earlier}.`,
    'Remove one of them, or export the review again. Nothing of this file was imported.',
  );
