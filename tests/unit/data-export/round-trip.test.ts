import { expect, it } from 'vitest';
import { everyRow } from '../../../electron/contract/entities.ts';
import type { ColumnMapping, Part } from '../../../electron/contract/entities.ts';
import { defaultSplitSettings } from '../../../electron/stages/split/index.ts';
import { answeredProject, exporter, importedRows } from './support.ts';

const mapping: Partial<ColumnMapping> = {
  ...{ id: 'id', input: 'input', label: 'gold', choices: ['choices'], rationale: 'rationale' },
};

it.each(['jsonl', 'csv', 'parquet'] as const)(
  'a %s file is imported as the rows that it was written from',
  async (format) => {
    const sample = answeredProject(80);
    const { store, projectId, extractionId, ids } = sample;
    store.reviews.apply(extractionId, ids.slice(0, 5), {
      ...{ kind: 'edit', rationale: 'Mine:\n"so", it = is; 예.' },
    });
    store.reviews.apply(extractionId, ids.slice(5, 9), { kind: 'verdict', verdict: 'rejected' });
    const file = await exporter(sample).run({ format });
    if (file === null) throw new Error('nothing was written');
    const again = await importedRows(store, file, mapping);

    const table = store.reviews.page(
      { projectId, extractionId, query: everyRow },
      { offset: 0, limit: 500 },
    );
    expect(
      again.map(({ externalId, input, choices, gold }) => ({ externalId, input, choices, gold })),
    ).toEqual(
      table.rows.map(({ externalId, input, choices, gold }) => ({
        ...{ externalId, input, choices, gold },
      })),
    );
    expect(again.map(({ recordedRationale }) => recordedRationale)).toEqual(
      table.rows.map(({ rationale, review }) =>
        review?.verdict === 'rejected' ? null : (review?.rationale ?? rationale),
      ),
    );
  },
);

it('a part of a split is imported as a given part', async () => {
  const sample = answeredProject(20);
  const { store, projectId, ids } = sample;
  const { id: splitId } = store.splits.create({
    ...{ projectId, name: null, settings: defaultSplitSettings, leaks: null },
    members: new Map(ids.map((id, index): [number, Part] => [id, index < 6 ? 'test' : 'train'])),
  });
  const file = await exporter(sample).run({ query: { split: { splitId, part: 'test' } } });
  if (file === null) throw new Error('nothing was written');
  const again = await importedRows(store, file, {
    ...mapping,
    part: { column: 'part', values: { test: 'test' } },
  });
  expect(again.map(({ givenPart }) => givenPart)).toEqual(Array(6).fill('test'));
});
