import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFormat } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { StudentManifest } from '../contract/export.ts';
import type { StudentQuestion, StudentReply } from '../contract/worker.ts';
import { joinAnswer, lengthsOf } from '../core/methods.ts';
import type { Engine } from './engines/engine.ts';
import { AskedExport } from './export/asked.ts';
import { Student } from './student.ts';

export interface KeptStudents {
  /** Students that stay open, those asked last; at least the one that is asked. */
  readonly keep: number;
  /** Bytes that their weights may have together. */
  readonly keepBytes: number;
}

/** An open student, and which state of its folder it was opened from. */
interface OpenStudent {
  readonly student: Student;
  readonly bytes: number;
  /** Changes when the folder's weights are written anew, as a training that goes on does. */
  readonly stamp: string;
}

/** Formats that are Hugging Face folders, as checkpoints are. */
const studentFormats: ReadonlySet<ExportFormat> = new Set([
  'huggingface',
  'huggingface-bfloat16',
  'huggingface-float16',
]);

/** Students that are asked one question after another: opened when first asked, kept while there is room. */
export class AskedStudents {
  readonly #engine: Engine;
  readonly #limits: KeptStudents;
  readonly #now: () => number;
  readonly #exports: AskedExport;
  /** By folder; the one asked last stands last. */
  readonly #open = new Map<string, OpenStudent>();

  /** @param now milliseconds that only rise */
  constructor(engine: Engine, limits: KeptStudents, now: () => number) {
    this.#engine = engine;
    this.#limits = limits;
    this.#now = now;
    this.#exports = new AskedExport(now);
  }

  /** Folders of the students that are open, the one asked last at the end. */
  get folders(): string[] {
    return [...this.#open.keys()];
  }

  /**
   * Asks one question. What opening the student takes is not part of the times that are answered.
   *
   * @throws StudioError `model-invalid`, `tokenizer-invalid` where the folder is no student;
   *   `job-cancelled` when the signal was aborted
   */
  async answer(question: StudentQuestion, signal: AbortSignal): Promise<StudentReply> {
    const { format } = question;
    if (format !== undefined && !studentFormats.has(format)) {
      return this.#exports.answer({ ...question, format }, signal);
    }
    const student = await this.#take(question.folder);
    const { input } = question;
    const started = this.#now();
    const [answer] = await student.answer([input], { rationale: false, signal, now: this.#now });
    const labelMilliseconds = this.#now() - started;
    if (answer === undefined) throw dropped();
    const rationale = answer.rationale ?? (await explain(student, input, signal));
    const milliseconds = this.#now() - started;
    if (signal.aborted) throw dropped();
    const { label, confidence } = answer;
    const probabilities = await probabilitiesOf(student, question, { label, rationale });
    return { label, rationale, confidence, probabilities, labelMilliseconds, milliseconds };
  }

  async dispose(): Promise<void> {
    for (const { student } of this.#open.values()) await student.dispose();
    this.#open.clear();
    await this.#exports.dispose();
  }

  async #take(folder: string): Promise<Student> {
    const { bytes, stamp } = await weightsOf(folder);
    const kept = this.#open.get(folder);
    this.#open.delete(folder);
    if (kept?.stamp === stamp) {
      this.#open.set(folder, kept);
      return kept.student;
    }
    await kept?.student.dispose();
    // Room is made before, so that at no time more is held than may be.
    await this.#makeRoom(bytes);
    const student = await Student.open(folder, this.#engine);
    this.#open.set(folder, { student, bytes, stamp });
    return student;
  }

  async #makeRoom(bytes: number): Promise<void> {
    const { keep, keepBytes } = this.#limits;
    for (const [folder, { student }] of this.#open) {
      const held = [...this.#open.values()].reduce((sum, each) => sum + each.bytes, 0);
      if (this.#open.size < keep && held + bytes <= keepBytes) return;
      this.#open.delete(folder);
      await student.dispose();
    }
  }
}

/** Size and state of a folder's weights; of a folder without them `Student.open` says what is wrong. */
async function weightsOf(folder: string): Promise<{ bytes: number; stamp: string }> {
  const found = await stat(join(folder, 'model.safetensors')).catch(() => null);
  return found === null
    ? { bytes: 0, stamp: '' }
    : { bytes: found.size, stamp: `${found.size} ${found.mtimeMs} ${found.ino}` };
}

/** What a student that explains in a task of its own says; null of others. */
async function explain(
  student: Student,
  input: string,
  signal: AbortSignal,
): Promise<string | null> {
  if ((student.manifest?.rationalePrefix ?? null) === null) return null;
  let text = '';
  for await (const soFar of student.stream(input, { task: 'rationale', signal })) text = soFar;
  return text;
}

/**
 * How probable each label is to the student. One that writes its rationale first is asked behind the
 * rationale that it wrote: without it, no label follows its question.
 */
async function probabilitiesOf(
  student: Student,
  { input, labels }: StudentQuestion,
  answer: { readonly label: string; readonly rationale: string | null },
): Promise<number[]> {
  const { manifest } = student;
  if (labels.length === 0 || manifest === null) return [];
  const { answerMark } = manifest;
  if (answerMark !== null && answer.label === '') return [];
  const targets = labels.map((label) =>
    answerMark === null ? label : joinAnswer(answer.rationale, label, answerMark),
  );
  const [found] = await student.labelProbabilities([input], {
    labels: targets,
    settings: wholeLengths(manifest),
  });
  return targets.map((target) => found?.get(target) ?? 0);
}

/** A student's settings with room for all that it reads and writes before the label ends. */
function wholeLengths(manifest: StudentManifest): StudentManifest {
  const { input, target } = lengthsOf(manifest);
  return { ...manifest, maxInputTokens: input, maxLabelTokens: target };
}

function dropped(): StudioError {
  return new StudioError('job-cancelled', 'This question was let go.', 'Ask again when you like.');
}
