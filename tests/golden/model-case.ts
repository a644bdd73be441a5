import type { Engine } from '../../electron/model/engines/engine.ts';
import type { Model } from '../../electron/model/folder.ts';
import type { Io } from './fixture.ts';

/** What every comparison of a model needs. */
export interface ModelCase {
  readonly engine: Engine;
  readonly model: Model;
  readonly io: Io;
}
