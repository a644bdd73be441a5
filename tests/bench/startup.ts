import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { milliseconds, spread, table } from './measure.ts';

const serve = fileURLToPath(new URL('../../electron/serve.ts', import.meta.url));
const repeats = 5;

/** The section `Start-up` of the results: browser mode, from the start of its process. */
export async function benchStartup(): Promise<string> {
  const printed: number[] = [];
  const received: number[] = [];
  const statuses = new Set<number>();
  const workspace = await mkdtemp(join(tmpdir(), 'stepwise-bench-'));
  try {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const began = performance.now();
      const server = spawn(process.execPath, [serve, '--workspace', workspace], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        const address = await printedAddress(server);
        printed.push(performance.now() - began);
        statuses.add(await openPage(address));
        received.push(performance.now() - began);
      } finally {
        const ended = once(server, 'exit');
        server.kill('SIGTERM');
        await ended;
      }
    }
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
  const screens = statuses.has(200) ? '' : ' The screens were not built: the page was a notice.';
  const note = `Median (lowest to highest) of ${repeats}, on one workspace; the first start makes its store.${screens}`;
  const rows = [
    ['until the address is printed', spread(printed, milliseconds)],
    ['until the first byte of the page', spread(received, milliseconds)],
  ];
  return `${note}\n\n${table(['browser mode', 'time'], rows)}`;
}

async function printedAddress(server: ChildProcess): Promise<string> {
  if (!server.stdout) throw new Error('The server’s output is not read.');
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error('The server ended without an address.');
}

/** As a browser does: exchanges the token for the cookie, then asks for the page. Gives its status. */
async function openPage(address: string): Promise<number> {
  const entrance = await fetch(address, { redirect: 'manual' });
  const cookie = entrance.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await fetch(new URL('/', address), { headers: { cookie } });
  const first = await page.body?.getReader().read();
  if (!first?.value) throw new Error('The page is empty.');
  return page.status;
}
