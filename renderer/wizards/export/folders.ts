import type { ExportFormat } from '../../../electron/contract/entities.ts';

/** The name of a folder as the studio makes it of what is typed: letters and digits, joined by hyphens. */
export const folderSlug = (typed: string): string =>
  typed
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);

/** Where an export of this name and format is made: the plain Hugging Face folder has the name alone. */
export function folderPath(into: string, name: string, format: ExportFormat): string {
  const own = format === 'huggingface' ? name : `${name}-${format}`;
  const parted = into.includes('\\') && !into.includes('/') ? '\\' : '/';
  return into.endsWith(parted) ? `${into}${own}` : `${into}${parted}${own}`;
}

/** The last name of a path. */
export const folderName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
