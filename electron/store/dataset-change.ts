import type { Part, Task } from '../contract/entities.ts';
import { isCorrect } from '../core/score.ts';
import { datasetHash, exampleInserter, isRecorded, jsonOrNull } from './dataset-writer.ts';
import type { Db, Flag } from './sql.ts';
import { atomically, flag, found, nullableFlag, toJson } from './sql.ts';
import type { DataRows, DatasetChange } from './store.ts';

interface ExampleUpdate {
  id: number;
  gold: string | null;
  choices: string | null;
  input: string;
  completion: string | null;
  rationale: string | null;
  recorded: Flag;
  part: Part | null;
  meta: string | null;
}

interface Before {
  gold: string | null;
  completion: string | null;
  rationale: string | null;
}

interface Parse {
  extractionId: string;
  sample: number;
  label: string | null;
}

type Changed = DatasetChange['changed'][number];

/** Answers that came with the data: those of teachers of the kind `recorded`. */
export const ofRecorded = `extraction_id IN (
  SELECT x.id FROM extractions x JOIN teachers t ON t.id = x.teacher_id WHERE t.kind = 'recorded')`;

/** What is said of an example, or is asked about it, by tables that know it by `example_id`. */
const aboutText = ['completions', 'batch_requests', 'reviews', 'review_changes', 'health'] as const;

/**
 * Makes a saved data set what a newer version of its file says. Rows that a split uses are left out:
 * a split never changes, and neither does what its runs learned from. A row keeps its name: without a
 * column of ids, its number in the newer file may be another row's.
 */
export function datasetChanger(db: Db): (...change: Parameters<DataRows['replace']>) => void {
  const selectDataset = db.prepare<[string], { projectId: string; task: Task }>(
    `SELECT d.project_id AS projectId, p.task FROM datasets d JOIN projects p ON p.id = d.project_id
     WHERE d.id = ?`,
  );
  const selectBefore = db.prepare<[number, string], Before>(
    `SELECT gold, recorded_completion AS completion, recorded_rationale AS rationale
     FROM examples e WHERE id = ? AND dataset_id = ?
       AND NOT EXISTS (SELECT 1 FROM split_members WHERE example_id = e.id)`,
  );
  const update = db.prepare<ExampleUpdate>(
    `UPDATE examples SET gold = @gold, choices = @choices, input = @input,
       recorded_completion = @completion, recorded_rationale = @rationale, recorded = @recorded,
       given_part = @part, meta = @meta WHERE id = @id`,
  );
  const forget = aboutText.map((table) =>
    db.prepare<[number]>(`DELETE FROM ${table} WHERE example_id = ?`),
  );
  const forgetRecorded = db.prepare<[number]>(
    `DELETE FROM completions WHERE example_id = ? AND ${ofRecorded}`,
  );
  const selectParses = db.prepare<[number], Parse>(
    `SELECT extraction_id AS extractionId, sample, label FROM rationales WHERE example_id = ?`,
  );
  const setCorrect = db.prepare<[Flag | null, number, string, number]>(
    `UPDATE rationales SET correct = ?
     WHERE example_id = ? AND extraction_id = ? AND sample = ?`,
  );
  const removeExample = db.prepare<[number]>('DELETE FROM examples WHERE id = ?');
  const markChanged = db.prepare<[number]>(
    'INSERT OR IGNORE INTO search_changes (example_id) VALUES (?)',
  );
  const setDataset = db.prepare<{
    id: string;
    sourceName: string;
    sourceSha256: string;
    mapping: string;
    givenPart: Part | null;
    settingsHash: string;
    card: string;
  }>(
    `UPDATE datasets SET source_name = @sourceName, source_sha256 = @sourceSha256,
       mapping = @mapping, given_part = @givenPart, settings_hash = @settingsHash, card = @card,
       rows = counted.rows, with_gold = counted.gold, with_completion = counted.completions,
       recorded = counted.recorded
     FROM (SELECT count(*) AS rows, count(gold) AS gold,
             count(recorded_completion) AS completions, coalesce(sum(recorded), 0) AS recorded
           FROM examples WHERE dataset_id = @id) AS counted
     WHERE id = @id`,
  );
  const insertExamples = exampleInserter(db);

  /** What a teacher's labels are worth against another gold label. */
  const grade = (task: Task, { exampleId, row }: Changed): void => {
    for (const { extractionId, sample, label } of selectParses.all(exampleId)) {
      const correct = row.gold === null ? null : isCorrect(task, label, row.gold, row.choices);
      setCorrect.run(nullableFlag(correct), exampleId, extractionId, sample);
    }
  };

  const write = (task: Task, before: Before, change: Changed): void => {
    const { exampleId, row, inputChanged } = change;
    if (inputChanged) for (const statement of forget) statement.run(exampleId);
    else if (saysOther(before, row)) forgetRecorded.run(exampleId);
    update.run({
      ...{ id: exampleId, gold: row.gold, input: row.input },
      ...{ completion: row.completion, rationale: row.rationale, part: row.part },
      choices: jsonOrNull(row.choices),
      recorded: flag(isRecorded(row)),
      meta: jsonOrNull(row.meta),
    });
    if (before.gold !== row.gold) grade(task, change);
    markChanged.run(exampleId);
  };

  return (datasetId, { added, changed, removed }, now) => {
    atomically(db, () => {
      const { projectId, task } = found(selectDataset.get(datasetId), 'dataset');
      // What goes makes room for the ids of what comes.
      for (const exampleId of removed) {
        if (selectBefore.get(exampleId, datasetId) === undefined) continue;
        removeExample.run(exampleId);
        markChanged.run(exampleId);
      }
      for (const change of changed) {
        const before = selectBefore.get(change.exampleId, datasetId);
        if (before !== undefined) write(task, before, change);
      }
      insertExamples(projectId, datasetId, added);
      setDataset.run({
        id: datasetId,
        ...{ sourceName: now.sourceName, sourceSha256: now.sourceSha256, givenPart: now.givenPart },
        mapping: toJson(now.mapping),
        settingsHash: datasetHash(now),
        card: toJson(now.card),
      });
    });
  };
}

/**
 * Whether what came recorded with a row says something else now. A recorded rationale without a
 * completion goes with the gold label, so that another label makes another answer of it.
 */
function saysOther(before: Before, now: Changed['row']): boolean {
  return (
    before.completion !== now.completion ||
    before.rationale !== now.rationale ||
    (now.completion === null && before.gold !== now.gold)
  );
}
