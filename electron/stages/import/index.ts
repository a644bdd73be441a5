import type {
  ColumnMapping,
  DatasetDifference,
  FileHandle,
  FileInspection,
  MappingPreview,
  ReadOptions,
} from '../../contract/entities.ts';
import type { Threads } from '../threads.ts';
import type { CompareInput } from './compare.ts';
import { compareTask } from './compare.ts';
import type { Target } from './gold.ts';
import { inspectTask, lookMilliseconds, previewTask } from './look.ts';
import type { SourceFile } from './read/index.ts';

export { importJob, ImportInput, sweepUnfinished } from './job.ts';
export { partNamed } from './suggest.ts';
export { textsTask } from './texts.ts';
export type { TextBatch, TextRow, TextsInput } from './texts.ts';

/** A chosen file as main knows it; the renderer holds the handle only. */
export interface ChosenFile extends FileHandle {
  readonly path: string;
  /** Whether it is text that was pasted. */
  readonly pasted: boolean;
}

/** @throws StudioError as {@link inspectTask} */
export async function inspectFile(
  threads: Threads,
  file: ChosenFile,
  read: ReadOptions,
): Promise<FileInspection> {
  const { fileId, name, bytes } = file;
  const looked = { file: sourceOf(file), read, milliseconds: lookMilliseconds };
  const found = await threads.run(inspectTask, looked);
  const container = file.pasted ? 'clipboard' : found.container;
  return { file: { fileId, name, bytes }, ...found, container };
}

/** @throws StudioError as {@link previewTask} */
export function previewMapping(
  threads: Threads,
  file: ChosenFile,
  read: ReadOptions,
  mapping: ColumnMapping,
  { task, labels }: Target,
): Promise<MappingPreview> {
  const looked = { file: sourceOf(file), read, milliseconds: lookMilliseconds };
  return threads.run(previewTask, { ...looked, mapping, target: { task, labels } });
}

/** @throws StudioError as {@link compareTask} */
export function compareFile(
  threads: Threads,
  file: ChosenFile,
  input: Omit<CompareInput, 'file'>,
): Promise<DatasetDifference> {
  return threads.run(compareTask, { ...input, file: sourceOf(file) });
}

const sourceOf = ({ path, name }: ChosenFile): SourceFile => ({ path, name });
