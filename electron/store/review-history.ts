import { ReviewChange } from '../contract/entities.ts';
import type { ReviewAction, ReviewProgress } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { changeWriter } from './review-changes.ts';
import type { Db } from './sql.ts';
import { atomically, found, fromJson, now, softly, toJson } from './sql.ts';
import type { ReviewRows, ReviewSteps } from './store.ts';

/** Rows that are changed in one transaction: main answers others after at most some 20 ms. */
const rowsAtOnce = 500;

/** Steps that an action spends on removing what can't be done again. */
const stepsOfDropping = 10;

type State = 'done' | 'undone' | 'applying' | 'undoing' | 'redoing' | 'dropping';

interface ActionRow {
  id: number;
  extractionId: string;
  change: string;
  rows: number;
  state: State;
  createdAt: string;
}

type Counts = Omit<ReviewProgress, 'undo' | 'redo'>;

type Methods = 'apply' | 'undo' | 'redo' | 'applying' | 'undoing' | 'redoing' | 'progress';

const columns = 'id, extraction_id AS extractionId, change, rows, state, created_at AS createdAt';

/**
 * Changes to reviews, undone and done again: one line of actions for each extraction, the done ones
 * first. A change of many rows is a row of steps, each a transaction of its own, so that main can
 * answer others in between; its state says that it is under way. Where the process ended meanwhile,
 * {@link recover} takes back what there is of it: an action is done as a whole or not at all.
 */
export function reviewHistory(db: Db): Pick<ReviewRows, Methods> & { recover(): void } {
  const insert = db.prepare<Omit<ActionRow, 'id' | 'rows' | 'state'>>(
    `INSERT INTO review_actions (extraction_id, change, rows, state, created_at)
     VALUES (@extractionId, @change, 0, 'applying', @createdAt)`,
  );
  const selectOne = db.prepare<[number], ActionRow>(
    `SELECT ${columns} FROM review_actions WHERE id = ?`,
  );
  const selectNewest = db.prepare<[string, State], ActionRow>(
    `SELECT ${columns} FROM review_actions WHERE extraction_id = ? AND state = ?
     ORDER BY id DESC LIMIT 1`,
  );
  const selectOldest = db.prepare<[string, State], ActionRow>(
    `SELECT ${columns} FROM review_actions WHERE extraction_id = ? AND state = ?
     ORDER BY id LIMIT 1`,
  );
  const selectUnderWay = db.prepare<{ extractionId: string | null }, ActionRow>(
    `SELECT ${columns} FROM review_actions
     WHERE (@extractionId IS NULL OR extraction_id = @extractionId)
       AND state IN ('applying', 'undoing', 'redoing') ORDER BY id`,
  );
  const setState = db.prepare<[State, number]>('UPDATE review_actions SET state = ? WHERE id = ?');
  const setRows = db.prepare<{ id: number }>(
    `UPDATE review_actions SET rows = (SELECT count(*) FROM review_changes WHERE action_id = @id)
     WHERE id = @id`,
  );
  const dropUndone = db.prepare<[string]>(
    "UPDATE review_actions SET state = 'dropping' WHERE extraction_id = ? AND state = 'undone'",
  );
  const removeAction = db.prepare<[number]>('DELETE FROM review_actions WHERE id = ?');
  const selectIds = db
    .prepare<[number, number, number], number>(
      `SELECT example_id FROM review_changes WHERE action_id = ? AND example_id > ?
       ORDER BY example_id LIMIT ?`,
    )
    .pluck();
  const removeChanges = db.prepare<[number, number]>(
    'DELETE FROM review_changes WHERE action_id = ? AND example_id <= ?',
  );
  const selectCounts = db.prepare<[string], Counts>(
    `SELECT answered_rows AS rows, accepted_rows AS accepted, rejected_rows AS rejected,
       edited_rows AS edited, stale_rows AS stale, noted_rows AS noted
     FROM extractions WHERE id = ?`,
  );
  const writer = changeWriter(db);
  /** Actions whose steps are being taken; others that are under way were left where they failed. */
  const goingOn = new Set<number>();
  // What is begun is flushed with the last step, which is an ordinary write.
  const step = (work: () => void): void => softly(db, work);

  /** The rows of an action, some at a time, as it was remembered. */
  function* slicesOf({ id, extractionId }: ActionRow) {
    let after = 0;
    for (;;) {
      const ids = selectIds.all(id, after, rowsAtOnce);
      const last = ids.at(-1);
      if (last === undefined) return;
      after = last;
      yield { actionId: id, extractionId, ids };
    }
  }

  /** Takes an action's changes back. */
  function* restoring(action: ActionRow): Generator<number> {
    for (const slice of slicesOf(action)) {
      step(() => writer.restore(slice));
      yield slice.ids.length;
    }
  }

  /** Removes an action that is neither done nor can be done again. */
  function* removing(action: ActionRow): Generator<number> {
    for (const { ids } of slicesOf(action)) {
      step(() => removeChanges.run(action.id, ids.at(-1) ?? 0));
      yield 0;
    }
    atomically(db, () => removeAction.run(action.id));
  }

  function* applying(
    ...[extractionId, ids, change]: Parameters<ReviewRows['applying']>
  ): ReviewSteps {
    const action = begin(extractionId, change);
    goingOn.add(action.id);
    try {
      for (const some of slices(ids, rowsAtOnce)) {
        const slice = { actionId: action.id, extractionId, ids: some };
        step(() => {
          writer.remember(slice);
          writer.change(slice, change);
        });
        yield some.length;
      }
      step(() => setRows.run({ id: action.id }));
      const done = found(selectOne.get(action.id), 'action');
      if (done.rows === 0) throw nothingToReview();
      atomically(db, () => {
        dropUndone.run(extractionId);
        setState.run('done', action.id);
      });
    } catch (caught) {
      leave(action);
      throw caught;
    } finally {
      goingOn.delete(action.id);
    }
    yield* dropping(extractionId);
    return toAction(found(selectOne.get(action.id), 'action'));
  }

  function begin(extractionId: string, change: ReviewChange): ActionRow {
    found(selectCounts.get(extractionId), 'extraction');
    refuseUnderWay(extractionId);
    const { lastInsertRowid } = insert.run({
      extractionId,
      change: toJson(change),
      createdAt: now(),
    });
    return found(selectOne.get(Number(lastInsertRowid)), 'action');
  }

  /**
   * Removes what can't be done again. There may be a million changes of it, for which nobody waits:
   * the rest goes with the next actions.
   */
  function* dropping(extractionId: string): Generator<number> {
    let stepsLeft = stepsOfDropping;
    for (;;) {
      const action = selectOldest.get(extractionId, 'dropping');
      if (action === undefined) return;
      for (const changed of removing(action)) {
        yield changed;
        stepsLeft -= 1;
        if (stepsLeft === 0) return;
      }
    }
  }

  function* undoing(extractionId: string): ReviewSteps {
    const begun = refuseUnderWay(extractionId).find(({ state }) => state === 'undoing');
    // The one that failed half-way is what is to be undone, not the one before it.
    if (begun) return toAction(found(selectOne.get(begun.id), 'action'));
    const action = selectNewest.get(extractionId, 'done');
    if (action === undefined) throw nothingTo('undo');
    step(() => setState.run('undoing', action.id));
    goingOn.add(action.id);
    try {
      yield* restoring(action);
      atomically(db, () => setState.run('undone', action.id));
    } finally {
      goingOn.delete(action.id);
    }
    return toAction(found(selectOne.get(action.id), 'action'));
  }

  function* redoing(extractionId: string): ReviewSteps {
    refuseUnderWay(extractionId);
    const action = selectOldest.get(extractionId, 'undone');
    if (action === undefined) throw nothingTo('do again');
    const change = fromJson(ReviewChange, action.change);
    step(() => setState.run('redoing', action.id));
    goingOn.add(action.id);
    try {
      for (const slice of slicesOf(action)) {
        step(() => writer.change(slice, change));
        yield slice.ids.length;
      }
      atomically(db, () => setState.run('done', action.id));
    } catch (caught) {
      leave(action);
      throw caught;
    } finally {
      goingOn.delete(action.id);
    }
    return toAction(found(selectOne.get(action.id), 'action'));
  }

  /** Takes back what there is of an action that was not done to its end. */
  const takeBack = (action: ActionRow): void => {
    drain(restoring(action));
    if (action.state === 'applying') drain(removing(action));
    else atomically(db, () => setState.run('undone', action.id));
  };
  /** The same where what failed may fail again, as on a full disk: then before the next change. */
  const leave = (action: ActionRow): void => {
    try {
      takeBack(action);
    } catch {
      // It stays under way.
    }
  };
  /** Answers what was taken back now. @throws StudioError job-conflict while others are under way */
  const refuseUnderWay = (extractionId: string): ActionRow[] => {
    const left = selectUnderWay.all({ extractionId });
    if (left.some(({ id }) => goingOn.has(id))) throw underWay();
    for (const action of left) takeBack(action);
    return left;
  };
  const whole = (steps: () => ReviewSteps): ReviewAction => atomically(db, () => drain(steps()));

  return {
    applying,
    undoing,
    redoing,
    apply: (extractionId, ids, change) => whole(() => applying(extractionId, ids, change)),
    undo: (extractionId) => whole(() => undoing(extractionId)),
    redo: (extractionId) => whole(() => redoing(extractionId)),
    progress: (extractionId) => {
      const counts = found(selectCounts.get(extractionId), 'extraction');
      const undo = selectNewest.get(extractionId, 'done');
      const redo = selectOldest.get(extractionId, 'undone');
      return { ...counts, undo: undo ? toAction(undo) : null, redo: redo ? toAction(redo) : null };
    },
    recover: () => {
      for (const action of selectUnderWay.all({ extractionId: null })) takeBack(action);
    },
  };
}

const toAction = ({ id, change, rows, state, createdAt }: ActionRow): ReviewAction => ({
  id,
  change: fromJson(ReviewChange, change),
  rows,
  undone: state === 'undone',
  createdAt,
});

/** Goes through all steps at once. */
function drain<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

function* slices(ids: Iterable<number>, size: number): Generator<number[]> {
  let some: number[] = [];
  for (const id of ids) {
    some.push(id);
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

const nothingToReview = (): StudioError =>
  new StudioError(
    'rows-missing',
    'None of these rows has an answer to review.',
    'Choose rows that the teacher has answered.',
  );

const nothingTo = (what: 'undo' | 'do again'): StudioError =>
  new StudioError(
    'invalid-input',
    `There is nothing to ${what}.`,
    'Changes to reviews are kept in the order in which they were made.',
  );

const underWay = (): StudioError =>
  new StudioError(
    'job-conflict',
    'A change of many rows is still being saved.',
    'Wait until it is done, then try again.',
  );
