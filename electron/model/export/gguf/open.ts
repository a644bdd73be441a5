import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { StudioError } from '../../../contract/errors.ts';
import { answerTexts } from '../../answering.ts';
import type { TextCoder, TextWriter } from '../../decode.ts';
import type { WrittenText } from '../../generate/index.ts';
import { refuseChanged } from '../certificate.ts';
import type { OpenedExport } from '../format.ts';
import { LONGEST_INPUT, Llama } from './llama.ts';
import { GGUF_FILE, contextLength } from './write.ts';

/**
 * Opens a written folder with llama.cpp, tokenizer included: nothing of what trained the student is
 * used.
 *
 * @throws StudioError `model-invalid` when llama.cpp cannot read the file
 */
export async function openGguf(folder: string): Promise<OpenedExport> {
  await refuseChanged(folder, [GGUF_FILE]);
  const llama = await Llama.open(join(folder, GGUF_FILE), await contextLength(folder));
  const speaker = { writer: new LlamaWriter(llama), coder: new LlamaCoder(llama) };
  return {
    openedWith: `llama.cpp ${llama.version} (WebAssembly)`,
    // One is answered after another.
    rowsAtOnce: 4,
    answer: (inputs, format, options) => answerTexts(speaker, inputs, format, options),
    // Its memory goes with the object.
    dispose: () => Promise.resolve(),
  };
}

/** Greedy decoding, one row after another. */
export class LlamaWriter implements TextWriter {
  readonly #llama: Llama;

  constructor(llama: Llama) {
    this.#llama = llama;
  }

  async greedyTexts(inputs: readonly Int32Array[], maxTokens: number): Promise<WrittenText[]> {
    const written: WrittenText[] = [];
    for (const input of inputs) {
      written.push(this.#write(input, maxTokens));
      // Each row takes this thread for itself: messages, as that the job is to stop, come in between.
      await setImmediate();
    }
    return written;
  }

  #write(input: Int32Array, maxTokens: number): WrittenText {
    refuseLong(input);
    this.#llama.read(input);
    const [ids, probabilities]: [number[], number[]] = [[], []];
    let last = this.#llama.tokens.start;
    while (ids.length < maxTokens) {
      const { token, probability } = this.#llama.next(last);
      // Very large logits overflow where the package adds up their exponentials.
      probabilities.push(Number.isFinite(probability) ? probability : 0);
      if (token === this.#llama.tokens.end) break;
      ids.push(token);
      last = token;
    }
    return { ids: Int32Array.from(ids), probabilities: Float32Array.from(probabilities) };
  }
}

/** The tokenizer that the file holds, as llama.cpp reads it. */
export class LlamaCoder implements TextCoder {
  readonly #llama: Llama;

  constructor(llama: Llama) {
    this.#llama = llama;
  }

  encodeAll(texts: readonly string[], maxTokens: number): Promise<Int32Array[]> {
    const rows = texts.map((text) => {
      const ids = this.#llama.tokenize(text).slice(0, maxTokens - 1);
      return Int32Array.from([...ids, this.#llama.tokens.end]);
    });
    return Promise.resolve(rows);
  }

  decodeAll(rows: readonly ArrayLike<number>[]): Promise<string[]> {
    const { unwritten } = this.#llama.tokens;
    const written = rows.map((ids) => Array.from(ids).filter((id) => !unwritten.has(id)));
    return Promise.resolve(written.map((ids) => this.#llama.detokenize(ids)));
  }
}

function refuseLong(input: Int32Array): void {
  if (input.length <= LONGEST_INPUT) return;
  throw new StudioError(
    'model-invalid',
    `An input has ${input.length} tokens; the llama.cpp in this app reads at most ${LONGEST_INPUT}.`,
    'Try the file in llama.cpp itself, which reads longer ones, or export the student in another format.',
  );
}
