import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { StudioEvent } from '../../../electron/contract/events.ts';
import type { Keychain } from '../../../electron/ipc/keys.ts';
import { createStudio } from '../../../electron/ipc/studio.ts';
import type { Studio, StudioOptions } from '../../../electron/ipc/studio.ts';
import { nodeWorkerHost } from '../../../electron/jobs/host-node.ts';

/** A new empty folder and how to remove it. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'studio-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A studio as the command line has it: real store, real numeric process, no keychain, no keys around. */
export function openStudio(workspace: string, changes: Partial<StudioOptions> = {}): Studio {
  return createStudio({
    workspace,
    mode: 'cli',
    version: '0.0.0-test',
    host: nodeWorkerHost(
      fileURLToPath(new URL('../../../electron/jobs/worker.ts', import.meta.url)),
    ),
    threadPath: fileURLToPath(new URL('../../../electron/jobs/data-thread.ts', import.meta.url)),
    keychain: null,
    chooseFile: null,
    environment: {},
    ...changes,
  });
}

/** A keychain that turns bytes around: what it stores is not the clear text. */
export function flippingKeychain(): Keychain {
  const flip = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0xff);
  return {
    available: true,
    encrypt: (text) => flip(new TextEncoder().encode(text)),
    decrypt: (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(flip(bytes)),
  };
}

/** Waits for a job to settle and insists that it succeeded. */
export async function succeeded(studio: Studio, job: JobRecord): Promise<JobRecord> {
  const settled = await studio.jobs.settled(job.id);
  if (settled.state === 'succeeded') return settled;
  throw new Error(`${settled.title}: ${settled.state} (${JSON.stringify(settled.error)})`);
}

/** Everything a studio tells, from now on. */
export function listen(studio: Studio): StudioEvent[] {
  const heard: StudioEvent[] = [];
  studio.on((event) => heard.push(event));
  return heard;
}
