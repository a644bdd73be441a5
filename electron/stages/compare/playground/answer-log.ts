import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { z } from 'zod';

/** What one student answered to one row of a file; no label where the row has nothing to ask. */
export const SavedReply = z.strictObject({
  label: z.string().nullable(),
  confidence: z.number().nullable(),
  rationale: z.string().nullable(),
});
export type SavedReply = z.infer<typeof SavedReply>;

export const unasked: SavedReply = { label: null, confidence: null, rationale: null };

/**
 * A student's answers in a file, a line each, in the order of the rows. They are appended as they
 * come; opened again, the file says how many there are. What a killed process left of a line is
 * dropped.
 */
export class AnswerLog {
  readonly #file: number;
  #rows: number;

  constructor(path: string) {
    const whole = existsSync(path) ? wholeLines(path) : null;
    if (whole !== null) truncateSync(path, whole.bytes);
    this.#rows = whole?.lines ?? 0;
    this.#file = openSync(path, 'a', 0o600);
  }

  /** Rows that have an answer. */
  get rows(): number {
    return this.#rows;
  }

  add(replies: readonly SavedReply[]): void {
    const text = replies.map((reply) => `${JSON.stringify(reply)}\n`).join('');
    const bytes = Buffer.from(text, 'utf8');
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.#file, bytes, written);
    }
    this.#rows += replies.length;
  }

  /** Waits until all answers are on the disk, and lets the file go. */
  close(): void {
    try {
      fsyncSync(this.#file);
    } finally {
      closeSync(this.#file);
    }
  }
}

const chunk = 1 << 20;
const newline = 0x0a;

/**
 * Lines that have their end, and how many bytes they take. JSON has no zero bytes: where one stands, a
 * power cut took what was written there.
 */
function wholeLines(path: string): { readonly lines: number; readonly bytes: number } {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(chunk);
    let [lines, bytes, place] = [0, 0, 0];
    for (;;) {
      const length = readSync(file, buffer, 0, chunk, place);
      const read = buffer.subarray(0, length);
      const broken = read.indexOf(0);
      const sound = broken < 0 ? read : read.subarray(0, broken);
      for (let at = sound.indexOf(newline); at >= 0; at = sound.indexOf(newline, at + 1)) {
        lines += 1;
        bytes = place + at + 1;
      }
      if (length === 0 || broken >= 0) return { lines, bytes };
      place += length;
    }
  } finally {
    closeSync(file);
  }
}
