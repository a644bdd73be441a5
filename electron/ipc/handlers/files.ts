import type { HandlerDeps, HandlersOf } from './deps.ts';

/** The native file dialog. A path never leaves this process: callers get a handle. */
export function fileHandlers({ files, chooseFile }: HandlerDeps): HandlersOf<'files.choose'> {
  return {
    'files.choose': async () => {
      const path = chooseFile === null ? null : await chooseFile();
      return path === null ? null : files.register(path);
    },
  };
}
