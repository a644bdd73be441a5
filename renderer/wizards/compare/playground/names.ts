import type { PlaygroundSystem } from '../../../../electron/contract/entities.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';

/** A short name that no other system here has: seeds tell students of a study apart. */
export function systemName(system: PlaygroundSystem, all: readonly PlaygroundSystem[]): string {
  const isShared = all.some(({ key, name }) => key !== system.key && name === system.name);
  return isShared && system.seed !== null
    ? i18n.t.playground.withSeed(system.name, String(system.seed))
    : system.name;
}
