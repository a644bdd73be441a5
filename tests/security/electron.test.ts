import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callNames } from '../../electron/contract/calls.ts';
import { channels } from '../../electron/ipc/register.ts';
import { lockWorkspace } from '../../electron/store/lock.ts';
import { appFile, fileOf } from '../../electron/shell/app-files.ts';
import { readWindowState, saveWindowState } from '../../electron/shell/window-state.ts';
import type { BrowserWindow } from '../fixtures/electron-stand-in.ts';
import { temporaryFolder } from '../unit/ipc/support.ts';

/** One stand-in for all tests: modules that are loaded again still meet this one. */
const standIn = await vi.hoisted(() => import('../fixtures/electron-stand-in.ts'));
vi.mock('electron', () => standIn);
const { app, ipcRenderer, reset, seen } = standIn;

let place: { folder: string; remove: () => void };

beforeEach(() => {
  place = temporaryFolder();
  reset(place.folder);
  vi.resetModules();
  vi.stubEnv('STEPWISE_WORKSPACE', join(place.folder, 'workspace'));
});
afterEach(async () => {
  await quit();
  vi.unstubAllEnvs();
  place.remove();
});

/** Starts main as Electron would and gives its window. */
async function start(): Promise<BrowserWindow> {
  await import('../../electron/main.ts');
  await expect.poll(() => seen.windows.length + seen.exits.length).toBe(1);
  const [window] = seen.windows;
  if (!window) throw new Error('no window was opened');
  return window;
}

/** Quits as Electron does and waits until the application lets it happen. */
async function quit(): Promise<boolean> {
  const before = seen.quits;
  let held = false;
  app.emit('before-quit', { preventDefault: () => (held = true) });
  if (held) await expect.poll(() => seen.quits, { timeout: 10_000 }).toBe(before + 1);
  return held;
}

/** A message from a frame of some page, as `ipcMain` gets it. */
const from = (sender: unknown, senderFrame: unknown) => ({ sender, senderFrame });
const invoke = (event: unknown, ...args: unknown[]) =>
  seen.handlers.get(channels.call)?.(event, ...args);

/** Whether an event with a `preventDefault` was refused. */
function refused(emit: (event: { preventDefault: () => void }) => void): boolean {
  let prevented = false;
  emit({ preventDefault: () => (prevented = true) });
  return prevented;
}

describe('the window', () => {
  it('is sandboxed, isolated and without Node', async () => {
    const { options, webContents } = await start();
    expect(options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    });
    expect(seen.sandboxed).toBe(true);
    expect(webContents.mainFrame.url).toBe('app://studio/');
    expect(seen.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  it.each([
    'https://evil.example/',
    'http://127.0.0.1:8080/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'app://evil/',
    'app://studio.evil.example/',
    'appx://studio/',
  ])('goes nowhere else: %s', async (url) => {
    const { webContents } = await start();
    expect(refused((event) => webContents.emit('will-navigate', event, url))).toBe(true);
    expect(refused((event) => webContents.emit('will-redirect', event, url))).toBe(true);
    expect(webContents.openHandler?.({ url })).toEqual({ action: 'deny' });
  });

  it('may be loaded again, and takes no guest in', async () => {
    const { webContents } = await start();
    const own = 'app://studio/index.html#/data';
    expect(refused((event) => webContents.emit('will-navigate', event, own))).toBe(false);
    expect(refused((event) => webContents.emit('will-attach-webview', event))).toBe(true);
    expect(webContents.openHandler?.({ url: own })).toEqual({ action: 'deny' });
  });

  it('is granted no permission', async () => {
    await start();
    const answers: boolean[] = [];
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'midi']) {
      seen.permissions.request?.({}, permission, (yes) => answers.push(yes));
    }
    expect(answers).toEqual([false, false, false, false, false]);
    expect(seen.permissions.check?.()).toBe(false);
    expect(seen.permissions.device?.()).toBe(false);
  });
});

describe('messages', () => {
  it('of the own main frame are answered', async () => {
    const { webContents } = await start();
    expect(await invoke(from(webContents, webContents.mainFrame), 'app.info', {})).toMatchObject({
      ok: true,
      value: { mode: 'electron', keychain: true },
    });
  });

  it('of anything else are refused', async () => {
    const { webContents } = await start();
    const own = webContents.mainFrame;
    const foreign = [
      from(webContents, { url: 'https://evil.example/' }),
      from(webContents, { url: own.url }),
      from(webContents, null),
      from({ ...webContents, mainFrame: own }, own),
    ];
    for (const event of foreign) {
      expect(await invoke(event, 'projects.list', {})).toMatchObject({
        ok: false,
        error: { code: 'forbidden' },
      });
    }
    own.url = 'https://evil.example/';
    expect(await invoke(from(webContents, own), 'projects.list', {})).toMatchObject({ ok: false });
    seen.listeners.get(channels.subscribe)?.(from(webContents, own));
    expect(webContents.sent).toEqual([]);
  });

  it('have a handler for every call of the contract, and for no other', async () => {
    const { webContents } = await start();
    const event = from(webContents, webContents.mainFrame);
    for (const name of callNames) {
      const answer = await invoke(event, name, { nothing: 'of this shape' });
      expect([name, answer]).toMatchObject([name, { ok: false, error: { code: 'invalid-input' } }]);
    }
    for (const name of ['no.such', '__proto__', 'constructor', 7, null, undefined]) {
      expect(await invoke(event, name, {})).toMatchObject({
        ok: false,
        error: { code: 'forbidden' },
      });
    }
    expect([...seen.handlers.keys(), ...seen.listeners.keys()].sort()).toEqual(
      [channels.call, channels.subscribe].sort(),
    );
  });
});

describe('the preload', () => {
  it('exposes invoke and on for the names of the contract, nothing else', async () => {
    await import('../../electron/preload.ts');
    expect([...seen.exposed.keys()]).toEqual(['stepwise']);
    const bridge = seen.exposed.get('stepwise');
    expect(Object.keys(bridge ?? {}).sort()).toEqual(['invoke', 'on']);
    const call = (name: string) => bridge?.['invoke']?.(...([name, {}] as never[]));
    for (const name of ['no.such', '__proto__', channels.call, 'constructor']) {
      await expect(call(name)).rejects.toThrow();
    }
    expect(seen.invoked).toEqual([]);
    await call('projects.list');
    expect(seen.invoked).toEqual([{ channel: channels.call, args: ['projects.list', {}] }]);
  });

  it('hands on events of the contract, until it is told to stop, without the sender', async () => {
    await import('../../electron/preload.ts');
    const heard: unknown[][] = [];
    const listener = (...args: unknown[]) => heard.push(args);
    const stop = seen.exposed.get('stepwise')?.['on']?.(...([listener] as never[]));
    const event = { name: 'saved', payload: { projectId: null, area: 'projects', seq: 1 } };
    ipcRenderer.emit(channels.event, { sender: 'electron' }, event);
    ipcRenderer.emit(channels.event, { sender: 'electron' }, { name: 'other', payload: {} });
    if (typeof stop === 'function') stop();
    ipcRenderer.emit(channels.event, { sender: 'electron' }, event);
    expect(heard).toEqual([[event]]);
  });
});

describe('the application’s own files', () => {
  it('are served with the policy, and nothing outside their folder is', async () => {
    const screens = join(place.folder, 'screens');
    mkdirSync(join(screens, 'assets'), { recursive: true });
    writeFileSync(join(screens, 'index.html'), 'page');
    writeFileSync(join(screens, 'assets', 'app.js'), 'script');
    writeFileSync(join(place.folder, 'secret.html'), 'secret');
    const page = await appFile('app://studio/', screens);
    expect(await page.text()).toBe('page');
    expect(page.headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'self'/,
    );
    const script = await appFile('app://studio/assets/app.js?v=1', screens);
    expect(script.headers.get('content-type')).toMatch(/^text\/javascript/);
    for (const address of [
      'app://studio/../secret.html',
      'app://studio/..%2fsecret.html',
      'app://studio/%2e%2e/secret.html',
      'app://studio/assets/..%2f..%2fsecret.html',
      'app://studio/..%5csecret.html',
      'app://studio/%00',
      'app://studio/%',
      'app://evil/index.html',
      'file:///etc/passwd',
    ]) {
      const file = fileOf(address, screens);
      expect([address, file === null || file.startsWith(screens)]).toEqual([address, true]);
      expect([address, (await appFile(address, screens)).status]).toEqual([address, 404]);
    }
  });
});

describe('starting and ending', () => {
  it('tells a second application on the same workspace why it ends', async () => {
    const workspace = join(place.folder, 'workspace');
    mkdirSync(workspace, { recursive: true });
    const lock = lockWorkspace(workspace);
    await expect(start()).rejects.toThrow('no window');
    expect(seen.exits).toEqual([1]);
    const [box] = seen.errorBoxes;
    expect(box?.title).toContain(workspace);
    expect(box?.content).not.toBe('');
    lock.release();
  });

  it('leaves when another instance is there already, without touching the workspace', async () => {
    seen.singleInstance = false;
    await import('../../electron/main.ts');
    expect(seen.quits).toBe(1);
    expect(existsSync(join(place.folder, 'workspace'))).toBe(false);
  });

  it('closes the studio before it quits, once', async () => {
    await start();
    const workspace = join(place.folder, 'workspace');
    expect(() => lockWorkspace(workspace)).toThrow();
    expect(await quit()).toBe(true);
    expect(await quit()).toBe(false);
    lockWorkspace(workspace).release();
  });

  it('opens where it was closed, unless that screen is gone', () => {
    const path = join(place.folder, 'window.json');
    const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
    const state = { corner: { x: 40, y: 50 }, width: 1000, height: 700, maximized: false };
    saveWindowState(path, state);
    expect(readWindowState(path, screens)).toEqual(state);
    expect(
      readWindowState(path, [{ ...screens[0], x: 5000, y: 0, width: 800, height: 600 }]),
    ).toEqual({
      ...state,
      corner: null,
    });
    writeFileSync(path, '{"width":1}');
    expect(readWindowState(path, screens)).toMatchObject({ width: 1280, height: 800 });
  });
});
