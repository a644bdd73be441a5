import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFormat } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { StudentManifest } from '../../contract/export.ts';
import type { StudentQuestion, StudentReply } from '../../contract/worker.ts';
import { parseJson } from '../../core/json.ts';
import { plainFormat } from '../answering.ts';
import { readIfPresent } from '../files.ts';
import { certificateFile } from '../portable/certificate.ts';
import type { OpenedExport } from './format.ts';
import { openExport } from './formats.ts';

type Question = StudentQuestion & { readonly format: ExportFormat };

interface OpenFolder {
  readonly opened: OpenedExport;
  readonly manifest: StudentManifest | null;
  /** Changes when the folder is replaced by another. */
  readonly stamp: string;
}

/** An exported folder that is asked one question after another: the one asked last stays open. */
export class AskedExport {
  readonly #now: () => number;
  #kept: OpenFolder | null = null;

  /** @param now milliseconds that only rise */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Asks one question. What opening takes is not part of the times that are answered.
   * @throws StudioError `model-invalid`, `tokenizer-invalid`; `job-cancelled` when the signal was aborted
   */
  async answer(question: Question, signal: AbortSignal): Promise<StudentReply> {
    const { opened, manifest } = await this.#take(question);
    const asked = manifest ?? plainFormat;
    const rationale = asked.rationalePrefix !== null || asked.answerMark !== null;
    const now = this.#now;
    const [answer] = await opened.answer([question.input], asked, { rationale, signal, now });
    if (answer === undefined || signal.aborted) {
      throw new StudioError(
        'job-cancelled',
        'This question was let go.',
        'Ask again when you like.',
      );
    }
    const { label, confidence, milliseconds } = answer;
    return {
      ...{ label, rationale: answer.rationale, confidence, probabilities: [] },
      ...{ labelMilliseconds: milliseconds, milliseconds },
    };
  }

  async dispose(): Promise<void> {
    const kept = this.#kept;
    this.#kept = null;
    await kept?.opened.dispose();
  }

  async #take({ folder, format }: Question): Promise<OpenFolder> {
    const stamp = await stampOf(folder, format);
    if (this.#kept?.stamp === stamp) return this.#kept;
    await this.dispose();
    const opened = await openExport(folder, format);
    this.#kept = { opened, manifest: await manifestOf(folder), stamp };
    return this.#kept;
  }
}

async function stampOf(folder: string, format: ExportFormat): Promise<string> {
  const found = await stat(join(folder, certificateFile)).catch(() => null);
  return JSON.stringify([folder, format, found?.mtimeMs, found?.ino]);
}

/** The files were certified, or are of a folder that says nothing of itself. */
async function manifestOf(folder: string): Promise<StudentManifest | null> {
  const text = await readIfPresent(folder, 'stepwise.json');
  return text === null ? null : StudentManifest.parse(parseJson(text));
}
