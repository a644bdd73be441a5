/** What starts the predictor where Node is at hand: a file for shells, and one for Windows. */

const NODE_FROM = 20;

/** Follows links, so that it can be called from a folder of programs. */
export const shellLauncher = `#!/bin/sh
# Asks the student in this folder: sh predict.sh "text", or sh predict.sh --help.
here=$0
while [ -L "$here" ]; do
  link=$(readlink -- "$here")
  case $link in
    /*) here=$link ;;
    *) here=$(dirname -- "$here")/$link ;;
  esac
done
here=$(CDPATH= cd -- "$(dirname -- "$here")" && pwd)
if ! command -v node >/dev/null 2>&1; then
  echo "Node is not here. Install Node ${NODE_FROM} or newer, then try again." >&2
  exit 1
fi
exec node "$here/predictor.mjs" "$@"
`;

export const windowsLauncher = [
  '@echo off',
  'rem Asks the student in this folder: predict.cmd "text", or predict.cmd --help.',
  'where node >nul 2>nul',
  'if errorlevel 1 (',
  `  echo Node is not here. Install Node ${NODE_FROM} or newer, then try again. 1>&2`,
  '  exit /b 1',
  ')',
  'node "%~dp0predictor.mjs" %*',
  '',
].join('\r\n');
