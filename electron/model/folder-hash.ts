import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { exists, hashFile } from './files.ts';
import { weightFiles } from './shards.ts';

/**
 * SHA-256 over everything of a model folder that decides what a student computes: configuration,
 * weights and tokenizer, each by its name and the hash of its content. Other files may come and go.
 *
 * @returns null when a file of these is missing
 */
export async function hashStudent(folder: string): Promise<string | null> {
  const files = [
    'config.json',
    ...((await weightFiles(folder)) ?? []),
    ...(await tokenizerFiles(folder)),
  ];
  const hash = createHash('sha256');
  for (const name of files) {
    if (!(await exists(join(folder, name)))) return null;
    hash.update(`${name}\0${await hashFile(join(folder, name))}\n`);
  }
  return hash.digest('hex');
}

/** Those that `openTokenizer` reads: `tokenizer.json`, or else what it is made from. */
async function tokenizerFiles(folder: string): Promise<string[]> {
  if (await exists(join(folder, 'tokenizer.json'))) return ['tokenizer.json'];
  const stated = (await exists(join(folder, 'tokenizer_config.json')))
    ? ['tokenizer_config.json']
    : [];
  return ['spiece.model', ...stated];
}
