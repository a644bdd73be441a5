import type { StudentFinding } from '../contract/entities.ts';
import type { SystemMemory } from './system-memory.ts';
import { parameterSpecs, sizeOf, type T5Config } from './t5/config.ts';
import { adaptedNames, adapterSpecs, loraTargets } from './t5/lora.ts';

/** Bytes of a float32. */
const FLOAT = 4;
/** Value, gradient, and AdamW's two moments. */
const LEARNED = 4 * FLOAT;
/** Of the adapters that the estimate is for. */
const USUAL_RANK = 8;

/**
 * Memory that training holds all the time, without the activations of the rows in it: with AdamW every
 * parameter that learns takes its value, its gradient and two moments. With adapters (rank 8) the
 * model takes its values alone, the adapted matrices once more, merged for evaluations.
 *
 * @returns bytes of training it whole, and with adapters
 */
export function trainingBytes(config: T5Config): { full: number; lora: number } {
  const lora = { rank: USUAL_RANK, alpha: USUAL_RANK, targets: loraTargets };
  const adapted = adaptedNames(config, lora);
  const specs = parameterSpecs(config);
  const all = scalars(specs);
  const merged = scalars(specs.filter(({ name }) => adapted.has(name)));
  const adapters = scalars(adapterSpecs(config, lora));
  return { full: LEARNED * all, lora: FLOAT * (all + merged) + LEARNED * adapters };
}

/** What to say of a student's size against this machine's memory; null where all is well. */
export function findLack(
  need: { readonly full: number; readonly lora: number },
  memory: SystemMemory,
): StudentFinding | null {
  const { available, total } = memory;
  if (need.lora > total) {
    return {
      severity: 'error',
      message: `This model is too large for this computer: even with adapters its training takes ${gigabytes(need.lora)} of memory, and there are ${gigabytes(total)}.`,
      hint: 'Choose a smaller model of the same family.',
    };
  }
  if (need.full > total) {
    return {
      severity: 'warning',
      message: `Training all of this model takes ${gigabytes(need.full)} of memory, and this computer has ${gigabytes(total)}.`,
      hint: `Train it with adapters (LoRA), which takes ${gigabytes(need.lora)}, or choose a smaller model.`,
    };
  }
  if (need.full > available) {
    return {
      severity: 'warning',
      message: `Training all of this model takes ${gigabytes(need.full)} of memory, of which ${gigabytes(available)} are free at the moment.`,
      hint: `Close other programs before, or train it with adapters (LoRA), which takes ${gigabytes(need.lora)}.`,
    };
  }
  return null;
}

const scalars = (specs: readonly { readonly shape: readonly number[] }[]): number =>
  specs.reduce((total, { shape }) => total + sizeOf(shape), 0);

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
