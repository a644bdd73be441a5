import { z } from 'zod';
import type { Example, Part } from '../contract/entities.ts';
import { fromJson } from './sql.ts';
import type { FullExample } from './store.ts';

/** An example as SQLite answers it: the columns of {@link exampleColumns}. */
export interface ExampleRow {
  id: number;
  datasetId: string;
  externalId: string;
  input: string;
  choices: string | null;
  gold: string | null;
  givenPart: Part | null;
}

/** With what came recorded: the columns of {@link fullExampleColumns}. */
export interface FullExampleRow extends ExampleRow {
  recordedCompletion: string | null;
  recordedRationale: string | null;
  meta: string | null;
}

/** For queries in which the table of examples is called `e`. A row's own part goes before its file's. */
export const exampleColumns = `
  e.id, e.dataset_id AS datasetId, e.external_id AS externalId, e.input, e.choices, e.gold,
  coalesce(e.given_part, (SELECT given_part FROM datasets WHERE id = e.dataset_id)) AS givenPart`;

export const fullExampleColumns = `${exampleColumns},
  e.recorded_completion AS recordedCompletion, e.recorded_rationale AS recordedRationale, e.meta`;

/** No id is as large. */
const noId = '9223372036854775807';

/**
 * The condition that an example is not one of a data set that is still being imported: part of every
 * query over the examples of a project. Their ids are the newest of the project, so the condition is
 * a bound on the id, and an index that has it after the project is still searched.
 *
 * @param project SQL that names the project: a parameter that can stand twice, as `@projectId`, or a column
 * @param id the column with the example's id
 */
export const shown = (project: string, id = 'e.id'): string =>
  `${id} < (SELECT coalesce(min(first_id), ${noId}) FROM unfinished WHERE project_id = ${project})`;

/**
 * A key that orders examples so that the first few are spread evenly over all of them, and are among
 * the first more (Fibonacci hashing of the id: no two ids below 2^32 have the same key).
 * @param id the column with the example's id
 */
export const spread = (id: string): string => `((${id} * 2654435769) & 4294967295)`;

const Choices = z.array(z.string());
const Meta = z.record(z.string(), z.string());

export const toChoices = (choices: string | null): string[] | null =>
  choices === null ? null : fromJson(Choices, choices);

/** Values of kept columns. */
export const toMeta = (meta: string | null): Record<string, string> | null =>
  meta === null ? null : fromJson(Meta, meta);

export const toExample = (row: ExampleRow): Example => ({
  ...row,
  choices: toChoices(row.choices),
});

export const toFullExample = (row: FullExampleRow): FullExample => ({
  ...row,
  choices: toChoices(row.choices),
  meta: toMeta(row.meta),
});
