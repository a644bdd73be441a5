import { StudioError } from '../contract/errors.ts';
import { StudentManifest } from '../contract/export.ts';
import { lengthsOf, withPrefix, withTeacherRationale } from '../core/methods.ts';
import { composeInput } from '../core/text.ts';
import { answerTexts } from '../model/answering.ts';
import type { ScoredAnswer } from '../model/answering.ts';
import { readConfig } from '../model/config.ts';
import type { TextWriter } from '../model/decode.ts';
import { OnnxWriter } from '../model/portable/onnx.ts';
import { PortableTokenizer } from '../model/portable/tokenizer.ts';
import type { CertifiedFolder } from './certified.ts';
import { openRuntime } from './runtime.ts';

/** What is asked: an input, and what belongs to it. */
export interface Question {
  readonly input: string;
  readonly choices: readonly string[] | null;
  /** For a student that was trained to read the teacher's. */
  readonly teacherRationale: string | null;
}

/** What the student wrote, and whether it is sure enough. */
export interface Answer {
  readonly label: string;
  readonly rationale: string | null;
  /** Probability that it gave to its label. */
  readonly confidence: number;
  /** Whether the teacher is to be asked in its place: its confidence is below the threshold. */
  readonly asksTeacher: boolean;
  readonly ids: Int32Array;
  readonly rationaleIds: Int32Array | null;
  /** Of each token of `ids`, and last of the end token; one that was cut off has none. */
  readonly probabilities: Float32Array;
}

export interface AskOptions {
  readonly rationale: boolean;
  readonly batchSize: number;
}

/** A student that can be asked. */
export interface AskedStudent {
  readonly manifest: StudentManifest;
  /** What computes its answers, with its version. */
  readonly runtime: string;
  /** Below this confidence the teacher is to be asked; null: never. */
  readonly threshold: number | null;
  /** Answers in the order of the questions; each is the same whoever is asked beside it. */
  ask(questions: readonly Question[], options: AskOptions): Promise<Answer[]>;
  /** Tokens that the student reads for a question, prefix and end token included. */
  countTokens(questions: readonly Question[]): Promise<number[]>;
  /** Texts of rows of ids. */
  texts(rows: readonly ArrayLike<number>[]): Promise<string[]>;
}

/** Whether a student was taught to explain, on its own or within its one text. */
export const explains = ({ manifest }: Pick<AskedStudent, 'manifest'>): boolean =>
  manifest.rationalePrefix !== null || manifest.answerMark !== null;

/** The student of a folder, opened by ONNX Runtime's WebAssembly. */
export class PortableStudent implements AskedStudent {
  readonly manifest: StudentManifest;
  readonly runtime: string;
  readonly threshold: number | null;
  readonly #writer: RememberingWriter;
  readonly #coder: PortableTokenizer;
  readonly #onnx: OnnxWriter;

  private constructor(
    manifest: StudentManifest,
    parts: { onnx: OnnxWriter; coder: PortableTokenizer; runtime: string },
    threshold: number | null,
  ) {
    this.manifest = manifest;
    this.runtime = parts.runtime;
    this.threshold = threshold;
    this.#onnx = parts.onnx;
    this.#writer = new RememberingWriter(parts.onnx);
    this.#coder = parts.coder;
  }

  /**
   * @param program where the runtime's file lies: beside this program, in an export the same folder
   * @param threshold what the cascade's own is replaced by; null for the folder's
   * @throws StudioError `model-invalid` or `tokenizer-invalid`, naming the file
   */
  static async open(
    folder: CertifiedFolder,
    program: CertifiedFolder,
    threshold: number | null,
  ): Promise<PortableStudent> {
    const manifest = readManifest(await folder.readText('stepwise.json'));
    const coder = PortableTokenizer.fromJson(await folder.readText('tokenizer.json'));
    const { config } = readConfig(await folder.readText('config.json'));
    const runtime = openRuntime(await program.read('predictor.wasm'));
    const suffix = (await folder.has('onnx/encoder_model.onnx')) ? '' : '_quantized';
    const onnx = await OnnxWriter.create(runtime, {
      encoder: await folder.read(`onnx/encoder_model${suffix}.onnx`),
      decoder: await folder.read(`onnx/decoder_model_merged${suffix}.onnx`),
      config,
    });
    const parts = { onnx, coder, runtime: runtime.name };
    return new PortableStudent(manifest, parts, threshold ?? manifest.cascade?.threshold ?? null);
  }

  /** The text of a question as the student reads it, without a prefix. */
  #compose({ input, choices, teacherRationale }: Question): string {
    const composed = composeInput(input, choices);
    return withTeacherRationale(composed, teacherRationale, this.manifest.rationaleMark);
  }

  async ask(questions: readonly Question[], options: AskOptions): Promise<Answer[]> {
    const answers = await answerTexts(
      { writer: this.#writer, coder: this.#coder },
      questions.map((question) => this.#compose(question)),
      this.manifest,
      { ...options, now: () => performance.now() },
    );
    return answers.map((answer) => this.#judged(answer));
  }

  async countTokens(questions: readonly Question[]): Promise<number[]> {
    const { labelPrefix } = this.manifest;
    const rows = await this.#coder.encodeAll(
      questions.map((question) => withPrefix(labelPrefix, this.#compose(question))),
      lengthsOf(this.manifest).input,
    );
    return rows.map((ids) => ids.length);
  }

  texts(rows: readonly ArrayLike<number>[]): Promise<string[]> {
    return this.#coder.decodeAll(rows);
  }

  async dispose(): Promise<void> {
    await this.#onnx.dispose();
  }

  #judged({ label, rationale, confidence, ids, rationaleIds }: ScoredAnswer): Answer {
    return {
      ...{ label, rationale, confidence, ids, rationaleIds },
      // A confidence that is no number is none.
      asksTeacher: this.threshold !== null && !(confidence >= this.threshold),
      probabilities: this.#writer.probabilitiesOf(ids),
    };
  }
}

/** Keeps the probabilities of what was written, by the row of ids that they belong to. */
class RememberingWriter implements TextWriter {
  readonly #writer: TextWriter;
  readonly #probabilities = new WeakMap<Int32Array, Float32Array>();

  constructor(writer: TextWriter) {
    this.#writer = writer;
  }

  greedyTexts: TextWriter['greedyTexts'] = async (inputs, maxTokens) => {
    const written = await this.#writer.greedyTexts(inputs, maxTokens);
    for (const { ids, probabilities } of written) this.#probabilities.set(ids, probabilities);
    return written;
  };

  probabilitiesOf(ids: Int32Array): Float32Array {
    return this.#probabilities.get(ids) ?? new Float32Array();
  }
}

function readManifest(text: string): StudentManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const parsed = StudentManifest.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StudioError(
    'model-invalid',
    'stepwise.json cannot be read.',
    'Copy the folder again from where it came, or export the student again.',
  );
}
