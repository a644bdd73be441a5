import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { ScoredAnswer } from '../answering.ts';
import type { OpenedExport } from './format.ts';

/** The first line that the program writes. */
const Hello = z.object({ runtime: z.string() });

/** A row as the program answers it. */
const Reply = z.object({
  student_label: z.string().default(''),
  student_confidence: z.number().default(0),
  student_rationale: z.string().nullable().default(null),
  student_ids: z.array(z.number().int()).default([]),
  student_rationale_ids: z.array(z.number().int()).nullable().default(null),
  error: z.string().optional(),
});

/** The end of what a process says when it ends. */
const LAST_WORDS = 4_000;

/**
 * Opens a predictor's folder, or an ONNX folder, with the predictor itself: a process of Node with an
 * empty environment and nothing of the app, asked line by line.
 *
 * @param program path of `predictor.mjs`, with `predictor.wasm` beside it
 * @throws StudioError `model-invalid` or `tokenizer-invalid` with the program's own sentence
 */
export async function askPredictor({
  program,
  folder,
}: {
  readonly program: string;
  readonly folder: string;
}): Promise<OpenedExport> {
  const child = new PredictorProcess(program, folder);
  const { runtime } = await child.hello();
  return {
    openedWith: runtime,
    rowsAtOnce: 16,
    answer: async (inputs, _format, { rationale, batchSize = 32, signal, onBatch, now }) => {
      const answers: ScoredAnswer[] = [];
      for (let at = 0; at < inputs.length; at += batchSize) {
        if (signal?.aborted) return [];
        const batch = inputs.slice(at, at + batchSize);
        const began = now();
        const replies = await child.ask(batch);
        const milliseconds = (now() - began) / batch.length;
        answers.push(...replies.map((reply) => ({ ...scored(reply, rationale), milliseconds })));
        onBatch?.(at + batch.length);
      }
      return answers;
    },
    dispose: () => child.end(),
  };
}

type Reply = z.infer<typeof Reply>;

function scored(reply: Reply, rationale: boolean): Omit<ScoredAnswer, 'milliseconds'> {
  const own = reply.student_rationale_ids;
  return {
    label: reply.student_label,
    confidence: reply.student_confidence,
    // One that was written on its own can be left out; one within the text is part of the answer.
    rationale: rationale || own === null ? reply.student_rationale : null,
    ids: Int32Array.from(reply.student_ids),
    rationaleIds: rationale && own !== null ? Int32Array.from(own) : null,
  };
}

/** One process, and the lines that it writes. */
class PredictorProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #exit: Promise<unknown>;
  #said = '';

  constructor(program: string, folder: string) {
    const words = ['--folder', folder, '--unchecked', '--hello', '--jsonl', '--tokens'];
    this.#child = spawn(process.execPath, [program, ...words, '--rationale'], {
      // Electron's program is Node when it is told so; nothing else of this process is handed on.
      env: { ELECTRON_RUN_AS_NODE: '1' },
      cwd: tmpdir(),
      stdio: 'pipe',
      windowsHide: true,
    });
    this.#exit = once(this.#child, 'close').catch((caught: unknown) => {
      this.#said += String(caught);
    });
    // A process that has ended takes no more questions; why it ended is told where answers are missing.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-LAST_WORDS);
    });
    this.#lines = linesOf(this.#child.stdout.setEncoding('utf8'));
  }

  async hello(): Promise<z.infer<typeof Hello>> {
    return Hello.parse(JSON.parse(await this.#line()));
  }

  async ask(inputs: readonly string[]): Promise<Reply[]> {
    this.#child.stdin.write(inputs.map((input) => `${JSON.stringify({ input })}\n`).join(''));
    const replies: Reply[] = [];
    while (replies.length < inputs.length) {
      replies.push(Reply.parse(JSON.parse(await this.#line())));
    }
    return replies;
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    this.#child.kill();
    await this.#exit;
  }

  async #line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done !== true) return next.value;
    await this.#exit;
    throw failure(this.#child.exitCode, this.#said.trim());
  }
}

/** Lines as the program ends them. Node's own reader also ends them at U+2028, which JSON may hold. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

/** What the program said, in its own words: a sentence and a hint. */
function failure(code: number | null, said: string): StudioError {
  const [message = '', hint = ''] = said.split('\n').slice(-2);
  if (code === 3 && message !== '') return new StudioError('model-invalid', message, hint);
  return new StudioError(
    'engine-failed',
    said === '' ? 'The predictor ended without a word.' : `The predictor ended: ${message}`,
    'Export the student again; if the memory was full, close other programs first.',
  );
}
