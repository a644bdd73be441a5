import { StudioError } from '../contract/errors.ts';
import type { FloatTensor } from './safetensors.ts';
import { parameterSpecs } from './t5/config.ts';
import type { T5Config } from './t5/config.ts';

/** Where published checkpoints repeat the embedding, and one old key that no model uses. */
const EMBEDDING_COPIES = ['encoder.embed_tokens.weight', 'decoder.embed_tokens.weight'];
const UNUSED = 'decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight';

/**
 * A model's parameters out of the tensors of its file, each checked against the configuration.
 *
 * @param file for messages
 * @throws StudioError `model-invalid` as {@link placeParameters}, or when a tensor holds infinities or
 *   no numbers
 */
export function matchParameters(
  config: T5Config,
  tensors: ReadonlyMap<string, FloatTensor>,
  file: string,
): Map<string, Float32Array> {
  const placed = placeParameters(config, tensors, file);
  return new Map(
    [...placed].map(([name, { values }]) => {
      refuseInfinite(name, values, file);
      return [name, values];
    }),
  );
}

/**
 * Which tensor of a file is which parameter. Files may hold copies of the embedding, an output head
 * though it is tied, and a cross-attention position bias that T5 never had; these are left out, as in
 * Hugging Face's `modeling_t5.py`.
 *
 * @param tensors by name; only their shapes are looked at
 * @param file for messages
 * @throws StudioError `model-invalid` when a tensor is missing, has another shape or is unknown
 */
export function placeParameters<T extends { readonly shape: readonly number[] }>(
  config: T5Config,
  tensors: ReadonlyMap<string, T>,
  file: string,
): Map<string, T> {
  const ignorable = new Set([...EMBEDDING_COPIES, UNUSED]);
  if (config.tieWordEmbeddings) ignorable.add('lm_head.weight');
  const specs = parameterSpecs(config);
  const known = new Set(specs.map((spec) => spec.name));
  for (const name of tensors.keys()) {
    if (!known.has(name) && !ignorable.has(name)) {
      throw invalid(file, `holds “${name}”, which a T5 of this configuration does not have`);
    }
  }
  const parameters = new Map<string, T>();
  for (const { name, shape } of specs) {
    const tensor = tensors.get(name) ?? embeddingCopy(name, tensors);
    if (!tensor) throw invalid(file, `lacks “${name}”`);
    if (tensor.shape.join() !== shape.join()) {
      throw invalid(
        file,
        `holds “${name}” as [${tensor.shape.join(', ')}] where config.json asks for [${shape.join(', ')}]`,
      );
    }
    parameters.set(name, tensor);
  }
  return parameters;
}

/** @throws StudioError `model-invalid`, naming file and tensor */
export function refuseInfinite(name: string, values: Float32Array, file: string): void {
  if (allFinite(values)) return;
  throw invalid(file, `holds “${name}” with values that are no finite numbers`);
}

/**
 * Gives a model of Transformers 5 the head that its weights decide on ({@link ParsedConfig}), in
 * terms of the older rule that `T5Config` follows: tied and scaled, or a head of its own, unscaled.
 * The two forms between them become the second: a tied head without the scale is a copy of the
 * embedding, and a head of its own behind the scale is multiplied by it, so that the logits are the
 * same.
 *
 * @param scaled whether the decoder's output is multiplied by dModel^-0.5
 */
export function settleHead(
  config: T5Config,
  tensors: ReadonlyMap<string, FloatTensor>,
  scaled: boolean,
): { config: T5Config; tensors: ReadonlyMap<string, FloatTensor> } {
  const shared = tensors.get('shared.weight') ?? embeddingCopy('shared.weight', tensors);
  const head = tensors.get('lm_head.weight');
  const own = head !== undefined && shared !== undefined && !same(head, shared);
  if (scaled && !own) return { config: { ...config, tieWordEmbeddings: true }, tensors };
  const untied = { ...config, tieWordEmbeddings: false };
  const source = own ? head : shared;
  // Without an embedding there is nothing to settle; its absence is named later.
  if (source === undefined || (own && !scaled)) return { config: untied, tensors };
  const scale = scaled ? config.dModel ** -0.5 : 1;
  const settled = { shape: source.shape, values: source.values.map((value) => value * scale) };
  return { config: untied, tensors: new Map([...tensors, ['lm_head.weight', settled]]) };
}

function same(a: FloatTensor, b: FloatTensor): boolean {
  return a.values.length === b.values.length && a.values.every((x, i) => x === b.values[i]);
}

/** The difference of infinities or of no numbers with themselves is no number. */
function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value - value !== 0) return false;
  }
  return true;
}

function embeddingCopy<T>(name: string, tensors: ReadonlyMap<string, T>): T | undefined {
  if (name !== 'shared.weight') return undefined;
  return EMBEDDING_COPIES.map((copy) => tensors.get(copy)).find((tensor) => tensor !== undefined);
}

function invalid(file: string, problem: string): StudioError {
  return new StudioError(
    'model-invalid',
    `${file} ${problem}.`,
    'Use config.json and model.safetensors that were saved together.',
  );
}
