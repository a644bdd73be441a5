import type { ReviewChange } from '../contract/entities.ts';
import { standing } from './rationales.ts';
import type { Db, Flag } from './sql.ts';
import { flag, now, toJson } from './sql.ts';

/** Which action changes which rows of which extraction. */
export interface Slice {
  actionId: number;
  extractionId: string;
  ids: readonly number[];
}

export interface ChangeWriter {
  /** Keeps what the reviews of these rows are; rows without a saved answer are left out. */
  remember(slice: Slice): void;
  /** Changes the reviews of those rows of an action that are remembered. */
  change(slice: Slice, change: ReviewChange): void;
  /** Makes them what they were before. */
  restore(slice: Slice): void;
}

interface Parameters {
  actionId: number;
  extractionId: string;
  ids: string;
}

interface ChangeParameters extends Parameters {
  at: string;
  verdict: string | null;
  hasLabel: Flag;
  label: string | null;
  hasRationale: Flag;
  rationale: string | null;
  tag: string;
  note: string;
}

const columns = 'verdict, stale, label, rationale, note, tags, updated_at';

const beforeAsJson = `json_object('verdict', v.verdict, 'stale', v.stale, 'label', v.label,
  'rationale', v.rationale, 'note', v.note, 'tags', v.tags, 'updated_at', v.updated_at)`;

/** What a column becomes by each kind of change; those that are not listed stay. */
type Changed = Partial<
  Record<'verdict' | 'stale' | 'label' | 'rationale' | 'note' | 'tags', string>
>;

const ownLabel = 'iif(@hasLabel, @label, v.label)';
const ownRationale = 'iif(@hasRationale, @rationale, v.rationale)';

/**
 * Whether the rationale may argue for another label than the one that stands: the label was edited
 * after it. A rationale that is written now, or the teacher's own with the teacher's own label, is not
 * stale; one that is not there neither.
 */
const staleAfterEdit = `CASE
  WHEN @hasRationale AND @rationale IS NOT NULL THEN 0
  WHEN ${ownRationale} IS NULL AND coalesce(${ownLabel}, r.label) IS r.label THEN 0
  WHEN coalesce(${ownRationale}, r.rationale) IS NULL THEN 0
  WHEN coalesce(${ownLabel}, r.label) IS NOT coalesce(v.label, r.label) THEN 1
  WHEN @hasRationale THEN coalesce(${ownLabel}, r.label) IS NOT r.label
  ELSE coalesce(v.stale, 0) END`;

const currentTags = "coalesce(v.tags, '[]')";
const hasTag = `EXISTS (SELECT 1 FROM json_each(${currentTags}) WHERE value = @tag)`;

const changes: Readonly<Record<string, Changed>> = {
  /** Who accepts a row has seen its rationale beside its label. */
  verdict: { verdict: '@verdict', stale: "iif(@verdict IS 'accepted', 0, coalesce(v.stale, 0))" },
  edit: { label: ownLabel, rationale: ownRationale, stale: staleAfterEdit },
  addTag: {
    tags: `iif(${hasTag}, ${currentTags}, json_insert(${currentTags}, '$[#]', @tag))`,
  },
  removeTag: {
    tags: `(SELECT json_group_array(value) FROM json_each(${currentTags}) WHERE value <> @tag)`,
  },
  note: { note: '@note' },
};

/** Changes reviews, some rows with each statement. Needs a transaction. */
export function changeWriter(db: Db): ChangeWriter {
  const remember = db.prepare<Parameters>(
    `INSERT INTO review_changes (action_id, example_id, before)
     SELECT DISTINCT @actionId, r.example_id, iif(v.example_id IS NULL, NULL, ${beforeAsJson})
     FROM json_each(@ids) AS listed CROSS JOIN rationales r
       ON r.example_id = listed.value AND r.extraction_id = @extractionId AND ${standing('r')}
     LEFT JOIN reviews v
       ON v.extraction_id = @extractionId AND v.reviewer = '' AND v.example_id = r.example_id
     WHERE true ON CONFLICT DO NOTHING`,
  );
  const statements = new Map(
    Object.entries(changes).map(([kind, changed]) => [
      kind,
      db.prepare<ChangeParameters>(changing(changed)),
    ]),
  );
  const removeNew = db.prepare<Parameters>(
    `DELETE FROM reviews WHERE extraction_id = @extractionId AND reviewer = '' AND example_id IN (
       SELECT c.example_id FROM json_each(@ids) AS listed CROSS JOIN review_changes c
         ON c.action_id = @actionId AND c.example_id = listed.value
       WHERE c.before IS NULL)`,
  );
  const restoreOld = db.prepare<Parameters>(
    `INSERT INTO reviews (extraction_id, reviewer, example_id, ${columns})
     SELECT @extractionId, '', c.example_id, c.before ->> 'verdict', c.before ->> 'stale',
       c.before ->> 'label', c.before ->> 'rationale', c.before ->> 'note', c.before ->> 'tags',
       c.before ->> 'updated_at'
     FROM json_each(@ids) AS listed CROSS JOIN review_changes c
       ON c.action_id = @actionId AND c.example_id = listed.value
     WHERE c.before IS NOT NULL AND EXISTS (SELECT 1 FROM rationales
       WHERE example_id = c.example_id AND extraction_id = @extractionId)
     ${onConflict}`,
  );

  const parameters = ({ actionId, extractionId, ids }: Slice): Parameters => ({
    actionId,
    extractionId,
    ids: toJson(ids),
  });
  return {
    remember: (slice) => {
      remember.run(parameters(slice));
    },
    change: (slice, change) => {
      statements.get(kindOf(change))?.run({ ...parameters(slice), ...valuesOf(change), at: now() });
    },
    restore: (slice) => {
      removeNew.run(parameters(slice));
      restoreOld.run(parameters(slice));
    },
  };
}

const onConflict = `ON CONFLICT (extraction_id, reviewer, example_id) DO UPDATE SET
  ${columns
    .split(', ')
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')}`;

const changing = (changed: Changed): string => `
INSERT INTO reviews (extraction_id, reviewer, example_id, ${columns})
SELECT @extractionId, '', c.example_id,
  ${changed.verdict ?? 'v.verdict'},
  ${changed.stale ?? 'coalesce(v.stale, 0)'},
  ${changed.label ?? 'v.label'},
  ${changed.rationale ?? 'v.rationale'},
  ${changed.note ?? "coalesce(v.note, '')"},
  ${changed.tags ?? currentTags},
  @at
FROM json_each(@ids) AS listed CROSS JOIN review_changes c
  ON c.action_id = @actionId AND c.example_id = listed.value
CROSS JOIN rationales r
  ON r.example_id = c.example_id AND r.extraction_id = @extractionId AND ${standing('r')}
LEFT JOIN reviews v
  ON v.extraction_id = @extractionId AND v.reviewer = '' AND v.example_id = c.example_id
WHERE true ${onConflict}`;

const kindOf = (change: ReviewChange): string =>
  change.kind === 'tag' ? (change.add ? 'addTag' : 'removeTag') : change.kind;

const valuesOf = (change: ReviewChange): Omit<ChangeParameters, keyof Parameters | 'at'> => ({
  verdict: change.kind === 'verdict' ? change.verdict : null,
  hasLabel: flag(change.kind === 'edit' && change.label !== undefined),
  label: change.kind === 'edit' ? (change.label ?? null) : null,
  hasRationale: flag(change.kind === 'edit' && change.rationale !== undefined),
  rationale: change.kind === 'edit' ? (change.rationale ?? null) : null,
  tag: change.kind === 'tag' ? change.tag : '',
  note: change.kind === 'note' ? change.note : '',
});
