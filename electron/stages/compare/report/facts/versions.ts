import { release, type } from 'node:os';
import { arch, versions } from 'node:process';
import manifest from '../../../../../package.json' with { type: 'json' };
import { version } from '../../../../core/version.ts';
import type { Versions } from './schema.ts';

/** What the report was made with. ONNX Runtime's version is pinned, so that it is the one in use. */
export const versionsHere = (engines: readonly string[]): Versions => ({
  app: version,
  node: versions.node,
  electron: versions['electron'] ?? null,
  onnxruntime: manifest.dependencies['onnxruntime-node'],
  engines: [...new Set(engines)].sort(),
  os: `${type()} ${release()} ${arch}`,
});
