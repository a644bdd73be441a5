import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findChromium } from '../../build/chromium.mjs';

/**
 * A graphics adapter in software, for tests of the WebGPU engine: SwiftShader, which comes with
 * Chromium. It computes what a GPU would, slowly.
 */

const ICD = 'vk_swiftshader_icd.json';
/** Where Debian and Ubuntu put it; the folder of the browser's own program comes first. */
const DEBIAN_FOLDER = '/usr/lib/chromium';

/**
 * The variables a process must be started with to find the adapter, or null where there is none.
 * They can't be set later: the system's linker reads `LD_LIBRARY_PATH` at the start.
 */
export function softwareAdapter(): Record<string, string> | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const asked = process.env['VK_ICD_FILENAMES'];
  const browser = findChromium();
  const folders = [...(browser === null ? [] : [dirname(browser)]), DEBIAN_FOLDER];
  const found = folders.map((folder) => join(folder, ICD)).find((file) => existsSync(file));
  const icd = asked !== undefined && existsSync(asked) ? asked : found;
  if (icd === undefined) return null;
  const libraries = [dirname(icd), process.env['LD_LIBRARY_PATH'] ?? ''].filter(Boolean);
  return { VK_ICD_FILENAMES: icd, LD_LIBRARY_PATH: libraries.join(':') };
}

/** For the title of a suite that is left out without an adapter. */
export const adapterTitle = (what: string): string =>
  softwareAdapter() === null
    ? `${what} (skipped: Chromium’s SwiftShader, a software adapter, is not on this machine)`
    : what;
