import type { Part } from '../contract/entities.ts';
import type { AnswerSource, JudgedPair, Judgement, JudgementRows } from './comparison-interface.ts';
import { standing } from './rationales.ts';
import type { Db } from './sql.ts';
import { atomically, found, now } from './sql.ts';

const ofPair = 'split_id = @splitId AND part = @part AND a = @a AND b = @b';

/** What a person said of blind pairs of rationales, and what there is to judge. */
export function judgementRows(db: Db): JudgementRows {
  const select = db.prepare<JudgedPair, Judgement>(
    `SELECT example_id AS exampleId, choice FROM judgements WHERE ${ofPair} ORDER BY id`,
  );
  const remove = db.prepare<JudgedPair & { exampleId: number }>(
    `DELETE FROM judgements WHERE ${ofPair} AND example_id = @exampleId`,
  );
  // Writes nothing for a row outside the part, or a split of another project.
  const insert = db.prepare<JudgedPair & Judgement & { projectId: string; judgedAt: string }>(
    `INSERT INTO judgements (project_id, split_id, part, a, b, example_id, choice, judged_at)
     SELECT s.project_id, s.id, m.part, @a, @b, m.example_id, @choice, @judgedAt
     FROM splits s
     JOIN split_members m ON m.split_id = s.id AND m.part = @part AND m.example_id = @exampleId
     WHERE s.id = @splitId AND s.project_id = @projectId`,
  );
  const selectNewest = db.prepare<JudgedPair, { exampleId: number }>(
    `SELECT example_id AS exampleId FROM judgements WHERE ${ofPair} ORDER BY id DESC LIMIT 1`,
  );
  const selectPairs = db.prepare<[string], JudgedPair>(
    `SELECT split_id AS splitId, part, a, b FROM judgements WHERE project_id = ?
     GROUP BY split_id, part, a, b ORDER BY max(id) DESC`,
  );
  return {
    list: (pair) => select.all(pair),
    save(projectId, pair, judgement) {
      atomically(db, () => {
        // Anew, and not in place: what was said last is what an undo takes back.
        remove.run({ ...pair, exampleId: judgement.exampleId });
        const { changes } = insert.run({ ...pair, ...judgement, projectId, judgedAt: now() });
        found(changes > 0 ? changes : undefined, 'row');
      });
    },
    undo: (pair) =>
      atomically(db, () => {
        const newest = selectNewest.get(pair);
        if (newest === undefined) return null;
        remove.run({ ...pair, exampleId: newest.exampleId });
        return newest.exampleId;
      }),
    pairs: (projectId) => selectPairs.all(projectId),
    rationales: rationaleReader(db),
    ...revealRows(db),
  };
}

function rationaleReader(db: Db): JudgementRows['rationales'] {
  type Asked = { id: string; splitId: string; part: Part };
  const select = (from: string) =>
    db.prepare<Asked, { exampleId: number; rationale: string }>(
      `SELECT m.example_id AS exampleId, r.rationale
       FROM split_members m CROSS JOIN ${from}
       WHERE m.split_id = @splitId AND m.part = @part AND trim(r.rationale) <> ''
       ORDER BY m.example_id`,
    );
  const selects: Record<AnswerSource['kind'], ReturnType<typeof select>> = {
    extraction: select(
      `rationales r ON r.example_id = m.example_id AND r.extraction_id = @id AND ${standing('r')}`,
    ),
    evaluation: select('predictions r ON r.example_id = m.example_id AND r.evaluation_id = @id'),
  };
  return ({ kind, id }, splitId, part) => selects[kind].all({ id, splitId, part });
}

function revealRows(db: Db): Pick<JudgementRows, 'reveal' | 'revealedAfter'> {
  const insert = db.prepare<JudgedPair & { projectId: string; judged: number; revealedAt: string }>(
    `INSERT OR IGNORE INTO judge_reveals (project_id, split_id, part, a, b, judged, revealed_at)
     VALUES (@projectId, @splitId, @part, @a, @b, @judged, @revealedAt)`,
  );
  const select = db.prepare<JudgedPair, { judged: number }>(
    `SELECT judged FROM judge_reveals WHERE ${ofPair}`,
  );
  return {
    reveal: (projectId, { splitId, part, a, b }, judged) => {
      insert.run({ ...{ projectId, splitId, part, a, b }, judged, revealedAt: now() });
    },
    revealedAfter: (pair) => select.get(pair)?.judged ?? null,
  };
}
