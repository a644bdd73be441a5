/**
 * `npm start`: the desktop window where Electron can be had, the local browser otherwise or with
 * `npm start -- --browser`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './built.mjs';
import { nodePath, root } from './node24.mjs';
import { ensureParts } from './parts.mjs';

const electronFolder = join(root, 'node_modules/electron');
/** How long Electron's own installer may try to fetch its program. */
const fetchMilliseconds = 60_000;
/** An Electron that ends with an error this soon never showed its window. */
const earlyMilliseconds = 10_000;

const wantsBrowser = process.argv.includes('--browser');
const passedOn = process.argv.slice(2).filter((word) => word !== '--browser');

if (!ensureBuilt(console.log)) {
  console.error('The screens could not be built.\nRun `npm ci` and try again.');
  process.exit(1);
}
// Without them everything but an export goes on as usual.
await ensureParts(console.log);
const reason = wantsBrowser ? '' : (whyNoWindow() ?? (await runElectron(fetchElectron())));
if (reason !== null) {
  if (reason) console.log(`${reason} Opening the same app in your browser instead.`);
  follow(spawn(nodePath, [join(root, 'electron/serve.ts'), '--open', ...passedOn], inherit()));
}

/** Why no window could be shown here, whether Electron is there or not; null when one could. */
function whyNoWindow() {
  if (process.platform !== 'linux') return null;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'There is no display here.';
  if (process.getuid?.() === 0) return 'Electron does not run as root.';
  return null;
}

/** Path of Electron's program, fetched if need be; null when it can't be had. */
function fetchElectron() {
  const there = electronProgram();
  if (there) return there;
  console.log('Fetching the Electron window (once, a minute at most) …');
  spawnSync(nodePath, [join(electronFolder, 'install.js')], {
    stdio: 'ignore',
    timeout: fetchMilliseconds,
    killSignal: 'SIGKILL',
  });
  return electronProgram();
}

function electronProgram() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electronFolder, 'dist');
  const named = join(electronFolder, 'path.txt');
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : 'electron';
  const path = join(folder, name);
  return existsSync(path) ? path : null;
}

/** Runs the window to its end. @returns why there was none, or null */
async function runElectron(program) {
  if (program === null) return 'Electron could not be fetched from here.';
  const started = Date.now();
  const child = spawn(program, [root, ...passedOn], inherit());
  const code = await new Promise((done) => {
    child.once('error', () => done(1));
    child.once('exit', (status) => done(status ?? 1));
  });
  if (code !== 0 && Date.now() - started < earlyMilliseconds)
    return 'Electron does not start here.';
  process.exitCode = code;
  return null;
}

function inherit() {
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE;
  return { stdio: 'inherit', env };
}

/** Lives as long as the child and ends as it does; Ctrl-C reaches the child by itself. */
function follow(child) {
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
