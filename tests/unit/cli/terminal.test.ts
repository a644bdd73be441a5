import { expect, it } from 'vitest';
import { printable } from '../../../electron/cli/terminal.ts';

it('text from elsewhere can not steer the terminal', () => {
  expect(printable('a\u001b[2Jb\u001b]0;title\u0007c\u009b31md\bx\u0000')).toBe(
    'a\ufffd[2Jb\ufffd]0;title\ufffdc\ufffd31md\ufffdx\ufffd',
  );
  expect(printable('one\r\ntwo\tthree 한글 🙂')).toBe('one\ntwo\tthree 한글 🙂');
});
