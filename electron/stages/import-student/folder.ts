import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { ExportCertificate, StudentManifest } from '../../contract/entities.ts';
import type { ExportFormat, ImportedAsking, StudentReport } from '../../contract/entities.ts';
import { TrainedOn, trainedOnFile } from '../../core/trained-on.ts';
import { readIfPresent } from '../../model/files.ts';

export type Finding = StudentReport['findings'][number];

/** What lies beside a student's weights and says where it comes from. */
export interface Papers {
  readonly manifest: StudentManifest | null;
  readonly certificate: ExportCertificate | null;
  readonly trainedOn: TrainedOn | null;
  /** What a training elsewhere, from a training bundle, came to. */
  readonly isResult: boolean;
}

/**
 * Reads what a folder says of itself. A file that can't be read is a finding: without its manifest a
 * student would be asked wrongly, the others only leave something unknown.
 */
export async function readPapers(folder: string, say: (finding: Finding) => void): Promise<Papers> {
  const read = async <T>(
    name: string,
    schema: z.ZodType<T>,
    severity: Finding['severity'],
    hint: string,
  ): Promise<T | null> => {
    const text = await readIfPresent(folder, name);
    if (text === null) return null;
    const parsed = schema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    say({ severity, message: `${name} can't be read.`, hint });
    return null;
  };
  const again = 'Copy the folder again from where it was exported.';
  const manifest = await read('stepwise.json', StudentManifest, 'error', again);
  const certificate = await read('certificate.json', ExportCertificate, 'error', again);
  const trainedOn = await read(
    trainedOnFile,
    TrainedOn,
    'warning',
    'Whether the student has seen rows of the test part can’t be told. Copy the folder again from where it was exported.',
  );
  const isResult = (await readIfPresent(folder, 'result.json')) !== null;
  return { manifest, certificate, trainedOn, isResult };
}

/** What the folder's files are; null for one that is none of ours. */
export function formatOf(
  { manifest, certificate, isResult }: Papers,
  storedAs: string | null,
): ExportFormat | null {
  if (isResult) return 'training';
  if (certificate !== null) return certificate.exported;
  if (manifest === null) return null;
  if (storedAs === 'bfloat16') return 'huggingface-bfloat16';
  return storedAs === 'float16' ? 'huggingface-float16' : 'huggingface';
}

/** How the folder says that its student is asked; null where it does not. */
export const askingOf = ({ manifest }: Pick<Papers, 'manifest'>): ImportedAsking | null =>
  manifest && {
    method: manifest.method,
    labelPrefix: manifest.labelPrefix.slice(0, 64),
    rationalePrefix: (manifest.rationalePrefix ?? '').slice(0, 64),
  };

/** Why a folder holds no student that can be taken in, though it is one of ours; null where it may. */
export async function refusedFormat(
  folder: string,
  { certificate }: Papers,
): Promise<Finding | null> {
  const found = await readdir(folder).catch(() => null);
  // That it can't be read is said where it is.
  if (found === null) return null;
  const names = new Set(found);
  if (names.has('config.json') && names.has('model.safetensors')) return null;
  const name = basename(folder);
  const toHuggingFace =
    'Export the run as a Hugging Face folder, and import that: it is the same student.';
  if (names.has('train.py')) {
    return {
      severity: 'error',
      message: `“${name}” is a training bundle: it holds what a student is trained from, and no trained student.`,
      hint: 'Run its train.py as its README says, and choose the folder that this writes.',
    };
  }
  if (certificate !== null && !certificate.exported.startsWith('huggingface')) {
    return {
      severity: 'error',
      message: `“${name}” is an export for ${targets[certificate.exported] ?? certificate.exported}, from which no student can be taken back.`,
      hint: toHuggingFace,
    };
  }
  if ([...names].some((each) => each.endsWith('.gguf'))) {
    return {
      severity: 'error',
      message: `“${name}” holds a GGUF file, from which no student can be taken back.`,
      hint: toHuggingFace,
    };
  }
  if (!names.has('config.json') && !found.some(isWeights)) return await nothingOf(folder, names);
  return null;
}

/** Weights in one file, or the list of those that they are parted into. */
const isWeights = (name: string): boolean => /^model\.safetensors(\.index\.json)?$/.test(name);

/** A folder with nothing of a student; where students lie within it, they are named. */
async function nothingOf(folder: string, names: ReadonlySet<string>): Promise<Finding> {
  const severity = 'error';
  const name = basename(folder);
  const within = await Promise.all(
    [...names].map(async (each) => {
      const inside = await readdir(join(folder, each)).catch((): string[] => []);
      return inside.includes('config.json') && inside.some(isWeights) ? [each] : [];
    }),
  );
  const students = within.flat().toSorted();
  if (students.length === 0) {
    return {
      severity,
      message: `“${name}” holds no student: there is neither config.json nor model.safetensors in it.`,
      hint: 'Choose a folder that was exported from here, or any T5 model folder in the Hugging Face format.',
    };
  }
  const shown = students.slice(0, 3).map((each) => `“${each}”`);
  const more = students.length > 3 ? ` and ${students.length - 3} more` : '';
  return {
    severity,
    message: `“${name}” is no student itself: it holds ${shown.join(', ')}${more}.`,
    hint: 'Choose one of the folders within it.',
  };
}

const targets: Readonly<Partial<Record<ExportFormat, string>>> = {
  onnx: 'ONNX Runtime',
  'onnx-int8': 'ONNX Runtime (int8)',
  tensorflowjs: 'TensorFlow.js',
  predictor: 'Node',
  'predictor-int8': 'Node (int8)',
  gguf: 'llama.cpp',
  'gguf-float16': 'llama.cpp',
};

/** Bytes of the named files of a folder; those that are not there count nothing. */
export async function bytesOf(folder: string, names: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
