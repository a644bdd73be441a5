import type { ExportFormat, ExportOptions } from '../../../electron/contract/entities.ts';

/** What a student is wanted for, in the order in which it is asked. */
export const purposes = [
  { key: 'python', formats: ['huggingface', 'huggingface-bfloat16', 'huggingface-float16'] },
  { key: 'script', formats: ['onnx', 'onnx-int8'] },
  { key: 'page', formats: ['tensorflowjs'] },
  { key: 'program', formats: ['predictor', 'predictor-int8'] },
  { key: 'llama', formats: ['gguf', 'gguf-float16'] },
  { key: 'cluster', formats: ['training'] },
] as const satisfies readonly { key: string; formats: readonly ExportFormat[] }[];

export type PurposeKey = (typeof purposes)[number]['key'];

export type OfferedFormat = ExportOptions['formats'][number];

/** A purpose with those of its formats that can be had here, in their order. */
export interface Purpose {
  readonly key: PurposeKey;
  readonly offered: readonly OfferedFormat[];
}

/** What can be asked for; a purpose with no format that this version writes is left out. */
export function offeredPurposes({ formats }: Pick<ExportOptions, 'formats'>): Purpose[] {
  return purposes
    .map(({ key, formats: wanted }) => ({
      key,
      offered: wanted.flatMap((format) => formats.filter((each) => each.format === format)),
    }))
    .filter(({ offered }) => offered.length > 0);
}

/** The purpose that a format serves. */
export function purposeOf(format: ExportFormat): PurposeKey {
  const found = purposes.find(({ formats }) => formats.some((each) => each === format));
  return found?.key ?? 'python';
}

/** Formats in the order of their purposes, as they are written. */
export const inOrder = (formats: readonly ExportFormat[]): ExportFormat[] =>
  purposes.flatMap((purpose) => purpose.formats.filter((format) => formats.includes(format)));

/** Bytes that the formats take together, roughly. */
export const bytesOf = (
  { formats: offered }: Pick<ExportOptions, 'formats'>,
  formats: readonly ExportFormat[],
): number =>
  offered
    .filter(({ format }) => formats.includes(format))
    .reduce((sum, { bytes }) => sum + bytes, 0);
