import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configJson } from '../../config.ts';
import { syncFolder, writeSynced } from '../../files.ts';
import { openModelFolder } from '../../folder.ts';
import {
  bytesOf,
  modelFile,
  modelJson,
  SHARD_BYTES,
  shardNames,
} from '../../portable/weights-manifest.ts';
import { parameterSpecs } from '../../t5/config.ts';
import type { WriteRequest } from '../format.ts';
import { partFile } from '../parts.ts';
import { copiedParts } from './layout.ts';

/**
 * Writes a folder that a web page loads: weights as TensorFlow.js keeps them, the module that
 * computes with them, and a page that asks the student.
 *
 * @throws StudioError `not-found` when the app was not built with what the folder is made of
 */
export async function writeTensorFlowJs(request: WriteRequest): Promise<void> {
  const { checkpoint, folder, signal } = request;
  for (const [name, part] of Object.entries(copiedParts)) {
    await writeSynced(join(folder, name), await readFile(partFile(part)));
  }
  const { config, parameters, tokenizerJson } = await openModelFolder(checkpoint);
  // Not the checkpoint's own: reading may have settled what older and newer files say differently.
  await writeSynced(join(folder, 'config.json'), configJson(config));
  await writeSynced(join(folder, 'tokenizer.json'), tokenizerJson);
  const weights = parameterSpecs(config).map(({ name, shape }) => ({ name, shape }));
  const paths = shardNames(bytesOf(weights));
  await writeSynced(join(folder, modelFile), modelJson({ paths, weights }));
  const values = weights.flatMap(({ name }) => parameters.get(name) ?? []);
  await writeShards(request, paths, values);
  if (!signal.aborted) await syncFolder(folder);
}

/** The numbers of all weights one after another, cut into files of {@link SHARD_BYTES}. */
async function writeShards(
  { folder, signal, progress }: WriteRequest,
  paths: readonly string[],
  values: readonly Float32Array[],
): Promise<void> {
  const total = values.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const pieces = piecesOf(values);
  let done = 0;
  for (const path of paths) {
    if (signal.aborted) return;
    const handle = await open(join(folder, path), 'w');
    try {
      for (let room = SHARD_BYTES; room > 0;) {
        const piece = pieces.take(room);
        if (piece === null) break;
        await handle.write(piece);
        room -= piece.byteLength;
        done += piece.byteLength;
        progress(done, total);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** Bytes of several arrays, handed out in pieces that end where an array or the room does. */
function piecesOf(values: readonly Float32Array[]): { take(most: number): Uint8Array | null } {
  let [array, offset] = [0, 0];
  return {
    take: (most) => {
      const source = values[array];
      if (source === undefined) return null;
      const length = Math.min(most, source.byteLength - offset);
      const piece = new Uint8Array(source.buffer, source.byteOffset + offset, length);
      offset += length;
      if (offset === source.byteLength) [array, offset] = [array + 1, 0];
      return piece;
    },
  };
}
