import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  protocol,
  safeStorage,
  screen,
  session,
} from 'electron';
import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { toErrorValue } from './contract/errors.ts';
import { version } from './core/version.ts';
import type { Keychain } from './ipc/keys.ts';
import { registerIpc } from './ipc/register.ts';
import { createStudio } from './ipc/studio.ts';
import type { Studio } from './ipc/studio.ts';
import { electronWorkerHost } from './jobs/host-electron.ts';
import { appFile, appOrigin, isAppAddress } from './shell/app-files.ts';
import { guardCrashes } from './shell/crash.ts';
import type { CrashKind } from './shell/crash.ts';
import { readWindowState, saveWindowState } from './shell/window-state.ts';

/** Paths as built: `out/main/main.js` beside `out/preload` and `out/renderer`; `resources` as it is. */
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const screensFolder = at('../renderer');
const preloadPath = at('../preload/preload.cjs');
const workerPath = at('./worker.js');
const threadPath = at('./data-thread.js');
const iconPath = at('../../resources/icon.png');

let window: BrowserWindow | null = null;
let studio: Studio | null = null;

// Privileges have to be asked for before the application is ready.
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
app.enableSandbox();

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('web-contents-created', (_event, contents) => confine(contents));
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', leave);
  void app.whenReady().then(start);
} else {
  app.quit();
}

function start(): void {
  try {
    studio = openStudio();
  } catch (caught) {
    const { message, hint } = toErrorValue(caught);
    dialog.showErrorBox(message, hint);
    app.exit(1);
    return;
  }
  guardCrashes(studio.redact, endCrashed);
  protocol.handle('app', (request) => appFile(request.url, screensFolder));
  refusePermissions();
  registerIpc<IpcMainInvokeEvent | IpcMainEvent>(ipcMain, studio, isOwnPage);
  window = openWindow();
}

/** An exception leaves nothing to rely on; a failed promise that nobody waited for does. */
function endCrashed(text: string, kind: CrashKind): void {
  process.stderr.write(text);
  if (kind === 'rejection') return;
  dialog.showErrorBox('Stepwise Studio has to stop', text);
  app.exit(1);
}

/** @throws StudioError workspace-locked, workspace-unusable, store-newer, store-corrupt */
function openStudio(): Studio {
  return createStudio({
    workspace: workspaceFolder(),
    mode: 'electron',
    version,
    host: electronWorkerHost(workerPath),
    threadPath,
    keychain: keychain(),
    chooseFile,
    chooseFolder,
  });
}

/** `--workspace DIR`, else `STEPWISE_WORKSPACE`, else a folder in the application's own data. */
function workspaceFolder(): string {
  const named = app.commandLine.getSwitchValue('workspace') || afterFlag('--workspace');
  const folder = named || process.env['STEPWISE_WORKSPACE'];
  return folder ? resolve(folder) : join(app.getPath('userData'), 'workspace');
}

function afterFlag(flag: string): string {
  const at = process.argv.indexOf(flag);
  return at < 0 ? '' : (process.argv[at + 1] ?? '');
}

/** The system's keychain. Linux without one would store keys readable: there, none is offered. */
function keychain(): Keychain {
  const basic =
    process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
  return {
    available: safeStorage.isEncryptionAvailable() && !basic,
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (bytes) => safeStorage.decryptString(Buffer.from(bytes)),
  };
}

const tableExtensions = ['csv', 'tsv', 'tab', 'txt', 'json', 'jsonl', 'ndjson'];
const packedExtensions = ['parquet', 'xlsx', 'gz', 'zip'];

const chooseFile = (): Promise<string | null> =>
  choose({
    properties: ['openFile'],
    filters: [
      {
        name: 'CSV, TSV, JSON, JSONL, Parquet, XLSX, gzip, zip',
        extensions: [...tableExtensions, ...packedExtensions],
      },
      { name: '*', extensions: ['*'] },
    ],
  });

const chooseFolder = (): Promise<string | null> => choose({ properties: ['openDirectory'] });

/** Opens the native dialog; null when the person closes it. */
async function choose(options: Electron.OpenDialogOptions): Promise<string | null> {
  const { canceled, filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options);
  return canceled ? null : (filePaths[0] ?? null);
}

function openWindow(): BrowserWindow {
  const statePath = join(app.getPath('userData'), 'window.json');
  const state = readWindowState(
    statePath,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const opened = new BrowserWindow({
    ...(state.corner ?? {}),
    width: state.width,
    height: state.height,
    minWidth: 900,
    minHeight: 640,
    show: false,
    title: 'Stepwise Studio',
    icon: iconPath,
    webPreferences: {
      preload: preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  opened.removeMenu();
  opened.once('ready-to-show', () => {
    if (state.maximized) opened.maximize();
    opened.show();
  });
  opened.on('close', () => {
    mkdirSync(app.getPath('userData'), { recursive: true });
    const { x, y, width, height } = opened.getNormalBounds();
    const maximized = opened.isMaximized();
    saveWindowState(statePath, { corner: { x, y }, width, height, maximized });
  });
  opened.on('closed', () => {
    window = null;
  });
  void opened.loadURL(`${appOrigin}/`);
  return opened;
}

/** Keeps every page where it is: no other address, no new window, no embedded guest. */
function confine(contents: WebContents): void {
  contents.on('will-navigate', (event, url) => {
    if (!isAppAddress(url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

function refusePermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) =>
    answer(false),
  );
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
}

/** Whether a message comes from the main frame of our own window, showing our own page. */
function isOwnPage({ sender, senderFrame }: IpcMainInvokeEvent | IpcMainEvent): boolean {
  if (window === null || sender !== window.webContents || senderFrame === null) return false;
  return senderFrame === window.webContents.mainFrame && isAppAddress(senderFrame.url);
}

/** The first quit waits until running jobs have saved what they have; then the application ends. */
function leave(event: Electron.Event): void {
  const closing = studio;
  if (closing === null) return;
  event.preventDefault();
  studio = null;
  void closing.close().finally(() => app.quit());
}
