#!/usr/bin/env node
/** The `stepwise` command: runs under Node 24, the one in node_modules where the system's is older. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodePath } from './node24.mjs';

/** Commands that write exports, or open them, which takes parts that are built from the sources. */
const exporting = ['export', 'predict', 'demo', 'import-student'];

if (process.argv.slice(2).some((word) => exporting.includes(word))) await buildParts();

const cli = fileURLToPath(new URL('../electron/cli.ts', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= 24) {
  const { main } = await import('../electron/cli.ts');
  await main();
} else if (!existsSync(nodePath)) {
  console.error(
    'Stepwise Studio runs on Node 24, which is not here.\nRun `npm ci` in its folder first.',
  );
  process.exitCode = 1;
} else {
  const child = spawn(nodePath, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; this process only waits for what the child makes of it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/** Without the tools that build, as in a copy for use alone, what is there has to do. */
async function buildParts() {
  if (!existsSync(new URL('../node_modules/vite', import.meta.url))) return;
  const { ensureParts } = await import('./parts.mjs');
  await ensureParts(console.error);
}
