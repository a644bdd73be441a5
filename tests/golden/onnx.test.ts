import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoModelForSeq2SeqLM, AutoTokenizer, env, Tensor } from '@huggingface/transformers';
import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScoredText, WrittenText } from '../../electron/model/generate/index.ts';
import { OnnxWriter, type OnnxRuntime } from '../../electron/model/portable/onnx.ts';
import { exportStudent, students } from './onnx-students.ts';
import type { ExportedStudent, MadeStudent } from './onnx-students.ts';

const ROWS = 200;
const TOKENS = 8;
const BATCH = 25;
const beams = { beams: 4, maxTokens: TOKENS, count: 2 };
/** One thread: others would only wait for each other over matrices this small. */
const session = { intraOpNumThreads: 1 };
const suffixes = { onnx: '', 'onnx-int8': '_quantized' } as const;
type Format = keyof typeof suffixes;

/** Rows are answered one by one in Transformers.js, which takes its time on a busy computer. */
const patient = { timeout: 240_000 };

describe.each(students)('as ONNX', (made) => {
  describe.skipIf(!made.present)(made.title, patient, () => asOnnx(made));
});

function asOnnx(made: MadeStudent): void {
  let root = '';
  let student: ExportedStudent;
  let expected: WrittenText[];
  let expectedBeams: ScoredText[][];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'stepwise-onnx-'));
    student = await exportStudent(made, root, ROWS);
    const { generator } = student;
    expected = await batched(student.ids, (ids) => generator.greedyTexts(ids, TOKENS));
    expectedBeams = await batched(student.ids, (ids) => generator.beam(ids, beams));
  });

  afterAll(async () => {
    await student.generator.dispose();
    await rm(root, { recursive: true, force: true });
  });

  test('answers differ from row to row', () => {
    expect(new Set(expected.map(({ ids }) => ids.join())).size).toBeGreaterThanOrEqual(5);
  });

  test.each([
    ['onnxruntime-node', native],
    ['onnxruntime-web', web],
  ])('%s writes the same greedily', async (_name, runtime) => {
    const writer = await open(runtime, student, 'onnx');
    const written = await batched(student.ids, (ids) => writer.greedyTexts(ids, TOKENS));
    await writer.dispose();
    expect(idsOf(written)).toEqual(idsOf(expected));
    written.forEach(({ probabilities }, row) => {
      probabilities.forEach((probability, token) => {
        expect(probability).toBeCloseTo(expected[row]?.probabilities[token] ?? NaN, 4);
      });
    });
  });

  test('onnxruntime-node finds the same beams', async () => {
    const writer = await open(native, student, 'onnx');
    const written = await batched(student.ids, (ids) => writer.beam(ids, beams));
    await writer.dispose();
    expectSameBeams(written, expectedBeams);
  });

  test('Transformers.js answers the same, with its own tokenizer and generate()', async () => {
    const { tokenizer, model } = await openTransformers(root, 'onnx');
    for (const [row, text] of student.texts.entries()) {
      const ids = tokenizer.encode(text);
      expect(ids).toEqual([...(student.ids[row] ?? [])]);
      expect(await generate(model, ids)).toEqual([...(expected[row]?.ids ?? [])]);
    }
    await model.dispose();
  });

  // Transformers.js has no beam search: the search is ours, and every forward is of its sessions.
  test('beams over the sessions of Transformers.js are the same', async () => {
    const { model } = await openTransformers(root, 'onnx');
    const writer = await OnnxWriter.create(sessionsOf(model), {
      ...{ encoder: 'model', decoder: 'decoder_model_merged', config: student.config },
    });
    const written = await batched(student.ids, (ids) => writer.beam(ids, beams));
    await writer.dispose();
    expectSameBeams(written, expectedBeams);
  });

  test('eight bits: a row is answered the same alone, in company and by Transformers.js', async () => {
    const writer = await open(native, student, 'onnx-int8');
    const { model } = await openTransformers(root, 'onnx-int8');
    const together = await batched(student.ids, (ids) => writer.greedyTexts(ids, TOKENS));
    let alike = 0;
    for (const [row, ids] of student.ids.entries()) {
      const [alone] = await writer.greedyTexts([ids], TOKENS);
      expect(await generate(model, [...ids])).toEqual([...(alone?.ids ?? [])]);
      if (alone?.ids.join() === together[row]?.ids.join()) alike++;
    }
    await writer.dispose();
    await model.dispose();
    // Sums of float32 may differ in their last bit by the shape of a batch, and rounding may amplify it.
    expect(alike).toBeGreaterThanOrEqual(0.98 * ROWS);
  });
}

async function batched<T>(
  inputs: readonly Int32Array[],
  write: (batch: readonly Int32Array[]) => Promise<T[]>,
): Promise<T[]> {
  const written: T[] = [];
  for (let at = 0; at < inputs.length; at += BATCH) {
    written.push(...(await write(inputs.slice(at, at + BATCH))));
  }
  return written;
}

async function open(
  runtime: OnnxRuntime,
  { root, config }: ExportedStudent,
  format: Format,
): Promise<OnnxWriter> {
  const file = (name: string): Promise<Uint8Array> =>
    readFile(join(root, format, 'onnx', `${name}${suffixes[format]}.onnx`));
  const files = {
    encoder: await file('encoder_model'),
    decoder: await file('decoder_model_merged'),
    config,
  };
  return OnnxWriter.create(runtime, files, { session });
}

/** Opens a folder from the disk alone. */
async function openTransformers(root: string, format: Format) {
  env.allowRemoteModels = false;
  env.localModelPath = root;
  return {
    tokenizer: await AutoTokenizer.from_pretrained(format),
    model: await AutoModelForSeq2SeqLM.from_pretrained(format, { session_options: session }),
  };
}

type Transformers = Awaited<ReturnType<typeof openTransformers>>['model'];

/** What it writes, without start and end token. */
async function generate(model: Transformers, ids: readonly number[]): Promise<number[]> {
  const shape = [1, ids.length];
  const output = await model.generate({
    inputs: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
    attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
    max_new_tokens: TOKENS,
  });
  if (!(output instanceof Tensor)) throw new TypeError('It wrote no tensor.');
  const written = Array.from(output.data, Number).slice(1);
  return written.at(-1) === 1 ? written.slice(0, -1) : written;
}

/** A runtime that opens nothing: it hands out the model's own sessions, by their names. */
function sessionsOf(model: Transformers): OnnxRuntime {
  const sessions: Readonly<Record<string, native.InferenceSession>> = model.sessions;
  return {
    Tensor: native.Tensor,
    InferenceSession: {
      create: (name: unknown) => {
        const session = sessions[String(name)];
        return session === undefined
          ? Promise.reject(new RangeError(`no session ${String(name)}`))
          : Promise.resolve(session);
      },
    },
  };
}

const idsOf = (texts: readonly { readonly ids: Int32Array }[]): string[] =>
  texts.map(({ ids }) => ids.join());

function expectSameBeams(
  written: readonly ScoredText[][],
  expected: readonly ScoredText[][],
): void {
  expect(written.map((texts) => idsOf(texts.slice(0, 1)))).toEqual(
    expected.map((texts) => idsOf(texts.slice(0, 1))),
  );
  written.forEach((texts, row) => {
    texts.forEach(({ score }, rank) => {
      expect(score).toBeCloseTo(expected[row]?.[rank]?.score ?? NaN, 4);
    });
  });
}
