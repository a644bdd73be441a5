import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** Where the window was and how large, in screen points. */
const WindowState = z.strictObject({
  /** Top left corner; null to let the system choose. */
  corner: z.strictObject({ x: z.number().int(), y: z.number().int() }).nullable(),
  width: z.number().int().min(900).max(20_000),
  height: z.number().int().min(640).max(20_000),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const standard: WindowState = { corner: null, width: 1280, height: 800, maximized: false };

/**
 * The window as it was last left, or the standard one: also when the file is unreadable, or when
 * the screen it stood on is no longer there.
 */
export function readWindowState(path: string, screens: readonly Area[]): WindowState {
  const saved = WindowState.safeParse(readJson(path));
  if (!saved.success) return standard;
  const { corner, width } = saved.data;
  if (corner === null) return saved.data;
  const { x, y } = corner;
  const visible = screens.some(
    (screen) =>
      x + width > screen.x + 100 &&
      x < screen.x + screen.width - 100 &&
      y >= screen.y &&
      y < screen.y + screen.height - 100,
  );
  return visible ? saved.data : { ...saved.data, corner: null };
}

/** Saves the window's place; that it can't be saved is no reason to keep the window open. */
export function saveWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(path, JSON.stringify(state));
  } catch {
    // The next start uses the standard place.
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
