import { StudioError } from '../contract/errors.ts';
import type { ReadFile } from '../model/portable/folder-files.ts';
import { WebStudent } from '../model/portable/web-student.ts';
import type { OpenOptions, StudentParts, Surroundings } from '../model/portable/web-student.ts';
import { startTensorFlow } from './tensorflow-wasm.ts';

/** Milliseconds of computing after which the page may show what it has to. */
const TURN = 30;

/**
 * What `student.mjs` gives a page:
 *
 * ```js
 * import { Student } from './student.mjs';
 * const student = await Student.open('./');
 * const [answer] = await student.answer(['…'], { rationale: true });
 * ```
 */
export const Student = {
  /**
   * Opens an exported folder: its address, or a function that reads a file of it by name (for Node).
   *
   * @throws StudioError with a sentence and a hint: a file is missing, or not as it was exported
   */
  open(folder: string | URL | ReadFile, options: OpenOptions = {}): Promise<WebStudent> {
    const read = typeof folder === 'function' ? folder : fetching(folder);
    return WebStudent.open(read, surroundings(), options);
  },

  /** A student whose configuration, weights and tokenizer were read elsewhere. */
  of: (parts: StudentParts): Promise<WebStudent> => WebStudent.of(parts, surroundings()),
};

/** Reads the files below an address. */
function fetching(folder: string | URL): ReadFile {
  const base = String(folder).replace(/\/?$/, '/');
  return async (name) => {
    refuseOpenedFile();
    let response: Response;
    try {
      response = await fetch(base + name);
    } catch (cause) {
      throw new StudioError(
        'file-unreadable',
        `${name} could not be fetched: ${cause instanceof Error ? cause.message : String(cause)}.`,
        'Check that what serves this folder still runs, then load the page again.',
        { cause },
      );
    }
    if (response.status === 404) return null;
    if (!response.ok) {
      throw new StudioError(
        'file-unreadable',
        `${name} could not be fetched: the server answered ${response.status}.`,
        'Check what serves this folder, then load the page again.',
      );
    }
    return new Uint8Array(await response.arrayBuffer());
  };
}

/** A page that was opened from the disk may read nothing beside it. */
function refuseOpenedFile(): void {
  const { location } = globalThis as { location?: { protocol: string } };
  if (location?.protocol !== 'file:') return;
  throw new StudioError(
    'file-unreadable',
    'A page that was opened as a file may not read the student beside it: the folder has to be served.',
    'In this folder, run `python3 -m http.server --bind 127.0.0.1 8000`, then open http://localhost:8000/.',
  );
}

function surroundings(): Surroundings {
  const now = () => performance.now();
  let turned = now();
  return {
    startTensorFlow,
    now,
    pause: async () => {
      if (now() - turned < TURN) return;
      await nextTurn();
      turned = now();
    },
  };
}

/** A message to oneself: a timer would wait for milliseconds each time. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const arrived = (): void => {
      port1.close();
      resolve();
    };
    port1.addEventListener('message', arrived, { once: true });
    port1.start();
    port2.postMessage(null);
  });
}
