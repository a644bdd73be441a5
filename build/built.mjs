/** Builds what `out/` lacks or holds in an older version than the sources. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nodePath, root } from './node24.mjs';

const sources = ['electron', 'renderer', 'resources', 'package.json', 'electron.vite.config.ts'];
const results = ['out/main/main.js', 'out/preload/preload.cjs', 'out/renderer/index.html'];

/** Time of the newest file at or below a path, milliseconds; 0 when there is none. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

export function isBuilt() {
  const built = results.map(
    (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Math.min(...built) >= Math.max(...sources.map((path) => newest(join(root, path))));
}

/** @returns {boolean} whether the screens are there now */
export function ensureBuilt(say) {
  if (isBuilt()) return true;
  say('Building the screens …');
  const bin = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  const { status, stdout, stderr } = spawnSync(nodePath, [bin, 'build', '--logLevel', 'warn'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (status !== 0) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  return status === 0;
}
