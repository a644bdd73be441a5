import { StudioError } from '../../contract/errors.ts';

/** Something about a row that keeps it from being imported. */
export interface RowProblem {
  readonly code: 'rows-invalid' | 'id-duplicate';
  /** Line of the file, from 1. */
  readonly line: number;
  readonly message: string;
}

/** So many are kept with their words; the rest is counted. */
const KEPT = 1_000;
/** So many are told in one sentence. */
const TOLD = 5;

/** Collects problems over a whole file. */
export class Problems {
  private readonly kept: RowProblem[] = [];
  private count = 0;
  /** Rows with a problem. */
  rows = 0;

  /** @param first whether nothing was found wrong with its row before */
  add(problem: RowProblem, first = true): void {
    this.count += 1;
    if (first) this.rows += 1;
    if (this.kept.length < KEPT) this.kept.push(problem);
  }

  get none(): boolean {
    return this.count === 0;
  }

  /** In the order of the file. */
  list(): RowProblem[] {
    return this.kept.toSorted((a, b) => a.line - b.line);
  }

  /** The first ones, as they are shown. */
  shown(limit: number): { line: number; message: string }[] {
    return this.list()
      .slice(0, limit)
      .map(({ line, message }) => ({ line, message }));
  }

  /**
   * One error that tells the first problems with their lines, and how many more there are.
   * @param unit what the numbers count: `row` for sheets and Parquet files
   */
  toError(fileName: string, unit: 'line' | 'row' = 'line'): StudioError {
    const problems = this.list();
    const told = problems.slice(0, TOLD);
    const begin = unit === 'line' ? 'Line' : 'Row';
    const sentences = told.map(({ line, message }, index) =>
      index === 0 ? `${fileName}, ${unit} ${line}: ${message}` : `${begin} ${line}: ${message}`,
    );
    const more = this.count - told.length;
    if (more > 0) sentences.push(`And ${more.toLocaleString('en')} more.`);
    return new StudioError(
      told[0]?.code ?? 'rows-invalid',
      sentences.join(' '),
      'Nothing was imported. Correct these rows in the file, or choose other columns, and import again.',
    );
  }
}
