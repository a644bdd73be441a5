import { StudioError } from '../../contract/errors.ts';
import type { Float32Tensor } from '../engines/engine.ts';
import { parameterSpecs, sizeOf, type T5Config } from './config.ts';

/** What is known of a parameter without its values. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Every parameter as a tensor that shares memory with `parameters`; extra tensors are ignored.
 *
 * @throws StudioError `model-invalid` when one is missing or has another size.
 */
export function parameterTensors(
  config: T5Config,
  parameters: ReadonlyMap<string, Float32Array>,
): Record<string, Float32Tensor> {
  return tensorsOf(parameterSpecs(config), parameters);
}

/** The same for any list of names and shapes. */
export function tensorsOf(
  specs: readonly NamedShape[],
  parameters: ReadonlyMap<string, Float32Array>,
): Record<string, Float32Tensor> {
  const tensors: Record<string, Float32Tensor> = {};
  for (const { name, shape } of specs) {
    const data = parameters.get(name);
    const size = sizeOf(shape);
    if (data?.length !== size) {
      const found = data === undefined ? 'is missing' : `has ${data.length} numbers`;
      throw new StudioError(
        'model-invalid',
        `The model’s tensor ${name} ${found}, where ${shape.join(' x ')} = ${size} are expected.`,
        'The weights and config.json do not belong together: load the folder they came from.',
      );
    }
    tensors[name] = { type: 'float32', shape, data };
  }
  return tensors;
}
