import { EngineId } from '../../electron/contract/entities.ts';
import type { Dictionary } from './i18n/en.ts';

/** What an engine is called in the page's language; one that this version does not know keeps its id. */
export function engineName({ train }: Pick<Dictionary, 'train'>, id: string): string {
  const known = EngineId.safeParse(id);
  return known.success ? train.engineNames[known.data] : id;
}
