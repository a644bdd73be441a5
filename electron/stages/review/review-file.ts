import { z } from 'zod';
import { Review } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';

/** What a review file says of itself, in its first line. */
export const ReviewHeader = z.strictObject({
  format: z.literal('stepwise-review'),
  version: z.literal(1),
  project: z.string(),
  teacher: z.string(),
  reviewer: z.string().trim().min(1).max(80),
});
export type ReviewHeader = z.infer<typeof ReviewHeader>;

/** One row of it: what the row is, by which it is found again, and what was said of it. */
export const ReviewLine = z.strictObject({
  id: z.string(),
  input: z.string(),
  choices: z.array(z.string()).nullable(),
  ...Review.omit({ reviewer: true }).shape,
  label: Review.shape.label.unwrap().max(2_000).nullable(),
  rationale: Review.shape.rationale.unwrap().max(100_000).nullable(),
  note: z.string().max(10_000),
  tags: z.array(z.string().trim().min(1).max(60)).max(1_000),
});
export type ReviewLine = z.infer<typeof ReviewLine>;

/** Newest version of the format that is read. */
const newestVersion = ReviewHeader.shape.version.value;
const Version = z.object({ format: z.literal('stepwise-review'), version: z.number() });

/**
 * Reads the first line of a review file.
 * @throws StudioError file-syntax when it is none, or one of a newer version
 */
export function readHeader(text: string): ReviewHeader {
  const value = jsonOf(text);
  const header = ReviewHeader.safeParse(value);
  if (header.success) return header.data;
  const version = Version.safeParse(value);
  if (version.success && version.data.version > newestVersion) {
    throw new StudioError(
      'file-syntax',
      'This review was written by a newer version of Stepwise Studio.',
      'Bring this one up to date, or ask for the file of an older one.',
    );
  }
  if (version.success) throw wrongLine(1, header.error);
  throw new StudioError(
    'file-syntax',
    'This is no review file of Stepwise Studio: its first line does not say so.',
    'Choose a file that was written by “Export my review”.',
  );
}

/**
 * Reads a later line.
 * @throws StudioError file-syntax naming the line
 */
export function readLine(text: string, line: number): ReviewLine {
  const parsed = ReviewLine.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw wrongLine(line, parsed.error);
}

function wrongLine(line: number, error: z.ZodError): StudioError {
  const [issue] = error.issues;
  const field = issue?.path.join('.') ?? '';
  const where = field === '' ? `Line ${line}` : `“${field}” in line ${line}`;
  return new StudioError(
    'file-syntax',
    `${where} of the review file is not as it was written: ${(issue?.message ?? '').toLowerCase()}.`,
    'Export the review again where it was made. Nothing of this file was imported.',
  );
}

/** Undefined for what is no JSON, which no schema takes. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
