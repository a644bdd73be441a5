import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startServer } from '../../electron/serve.ts';
import type { RunningServer } from '../../electron/serve.ts';
import { temporaryFolder } from '../unit/ipc/support.ts';
import { StudioPage, complaints, launch } from './studio-page.ts';

const built = fileURLToPath(new URL('../../out/renderer/index.html', import.meta.url));

/** The app as one test has it: a server with a workspace of its own, and a page that shows it. */
export interface BrowserStudio {
  readonly browser: Browser;
  readonly server: RunningServer;
  readonly studio: StudioPage;
  /** What the page complained about. */
  readonly heard: readonly string[];
}

/**
 * Opens the app anew before each test of the suite that calls this, and closes it afterwards. Hooks that
 * the suite adds before are run after it is closed.
 * @returns gives what is open, in a test or a later hook
 */
export function useBrowserStudio(chromium: string | null): () => BrowserStudio {
  let browser: Browser;
  let context: BrowserContext;
  let place: { folder: string; remove: () => void };
  let open: BrowserStudio;

  beforeAll(async () => {
    expect(existsSync(built), 'npm run build comes first').toBe(true);
    browser = await launch(chromium ?? '');
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    place = temporaryFolder();
    const server = await startServer({ workspace: join(place.folder, 'workspace') });
    context = await browser.newContext({
      locale: 'en-US',
      colorScheme: 'light',
      viewport: { width: 1280, height: 800 },
    });
    const page = await context.newPage();
    open = { browser, server, studio: new StudioPage(page), heard: complaints(page) };
    await page.goto(server.url);
  });
  afterEach(async () => {
    await context.close();
    await open.server.close();
    place.remove();
  });
  return () => open;
}
