/**
 * llama.cpp for Node, out of the package that brings it to web pages: there its JavaScript is text that
 * a page starts as a worker, here it becomes a module of its own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node24.mjs';

/** A line `export const NAME = "…";` of the package's generated file. */
function textOf(source, name) {
  const start = `export const ${name} = `;
  const line = source.split('\n').find((candidate) => candidate.startsWith(start));
  const literal = line?.slice(start.length).replace(/;\s*$/, '');
  if (literal === undefined) throw new Error(`@wllama/wllama has no ${name} any more.`);
  return JSON.parse(literal.startsWith("'") ? `"${literal.slice(1, -1)}"` : literal);
}

/** @returns {Set<string>} the files it was made from, relative to the root */
export function writeLlama({ name, entrance }, outDir) {
  const source = readFileSync(join(root, entrance), 'utf8');
  const [version, program] = [
    textOf(source, 'LIBLLAMA_VERSION'),
    textOf(source, 'WLLAMA_SINGLE_THREAD_CODE'),
  ];
  // The program would put itself in the place of the module that holds it.
  const text = `exports.version = ${JSON.stringify(version)};
exports.start = (Module) => {
const module = undefined;
${program}
};
`;
  writeFileSync(join(outDir, name), text);
  return new Set(['build/parts.mjs', 'build/llama.mjs', entrance]);
}
