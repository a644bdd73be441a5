import type { ErrorCode } from '../../contract/errors.ts';
import { StudioError } from '../../contract/errors.ts';

/**
 * A failure that names its file and, where there is one, the line, counted from 1.
 *
 * @param sentence what is wrong, without the place: it is put in front
 * @param unit what is counted: `row` for sheets and Parquet files
 */
export function fault(
  code: ErrorCode,
  fileName: string,
  line: number | null,
  sentence: string,
  hint: string,
  unit: 'line' | 'row' = 'line',
): StudioError {
  const place = line === null ? fileName : `${fileName}, ${unit} ${line}`;
  return new StudioError(code, `${place}: ${sentence}`, hint);
}
