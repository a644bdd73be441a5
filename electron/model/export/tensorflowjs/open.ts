import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { StudentParts, WebStudent } from '../../portable/web-student.ts';
import type { OpenOptions } from '../../portable/web-student.ts';
import type { ReadFile } from '../../portable/folder-files.ts';
import { ErrorValue, StudioError } from '../../../contract/errors.ts';
import type { OpenedExport } from '../format.ts';
import { loaderFile } from './layout.ts';

/** What the built module exports, see `electron/webpage/main.ts`. */
interface Loader {
  readonly Student: {
    open(read: ReadFile, options?: OpenOptions): Promise<WebStudent>;
    of(parts: StudentParts): Promise<WebStudent>;
  };
}

const Loader = z.custom<Loader>(
  (value) =>
    z.object({ Student: z.object({ open: z.function(), of: z.function() }) }).safeParse(value)
      .success,
);

/**
 * Opens a written folder with nothing but its own files: its module, its WebAssembly, its weights.
 *
 * @throws StudioError `model-invalid` or `tokenizer-invalid`, naming the file
 */
export async function openTensorFlowJsFolder(folder: string): Promise<OpenedExport> {
  const { Student } = await loadModule(join(folder, loaderFile));
  return opened(() => Student.open((name) => readFileOf(folder, name)));
}

/** A student whose folder was read already, answered with TensorFlow.js. */
export async function openParts(path: string, parts: StudentParts): Promise<OpenedExport> {
  const { Student } = await loadModule(path);
  return opened(() => Student.of(parts));
}

async function opened(open: () => Promise<WebStudent>): Promise<OpenedExport> {
  const student = await ours(open);
  return {
    openedWith: student.runtime,
    rowsAtOnce: 16,
    answer: (inputs, format, { now: _now, ...options }) =>
      ours(() => student.answer(inputs, { ...options, format })),
    dispose: () => student.dispose(),
  };
}

/** @throws StudioError `model-invalid` when the module is missing or another's */
async function loadModule(path: string): Promise<Loader> {
  let loaded: unknown;
  try {
    // Its address is known only here: no bundler is to follow it.
    loaded = await import(/* @vite-ignore */ pathToFileURL(path).href);
  } catch (cause) {
    throw unreadable(cause);
  }
  const parsed = Loader.safeParse(loaded);
  if (parsed.success) return parsed.data;
  throw unreadable(parsed.error);
}

const unreadable = (cause: unknown): StudioError =>
  new StudioError(
    'model-invalid',
    `${loaderFile} cannot be run.`,
    'Copy the folder again from where it came, or export the student again.',
    { cause },
  );

const Thrown = z.object({ code: ErrorValue.shape.code, message: z.string(), hint: z.string() });

/** The module has a class of its own for errors; here they become ours. */
async function ours<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (caught) {
    const known = Thrown.safeParse(caught);
    throw known.success ? StudioError.from(known.data) : caught;
  }
}

async function readFileOf(folder: string, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await readFile(join(folder, name)));
  } catch (caught) {
    if (caught instanceof Error && 'code' in caught && caught.code === 'ENOENT') return null;
    throw caught;
  }
}
