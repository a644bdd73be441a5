import { describe, expect, it } from 'vitest';
import { toErrorValue } from '../../electron/contract/errors.ts';

const failure = (code: string) => Object.assign(new Error('low-level words'), { code });

describe('a failure of the system', () => {
  it.each([
    ['ENOSPC', 'disk-full'],
    ['SQLITE_FULL', 'disk-full'],
    ['EACCES', 'workspace-unusable'],
    ['EROFS', 'workspace-unusable'],
    ['EIO', 'workspace-unusable'],
    ['EFBIG', 'workspace-unusable'],
    ['EDQUOT', 'workspace-unusable'],
    ['SQLITE_IOERR_WRITE', 'workspace-unusable'],
    ['SQLITE_IOERR_SHMSIZE', 'workspace-unusable'],
    ['SQLITE_CANTOPEN', 'workspace-unusable'],
    ['SQLITE_CORRUPT', 'store-corrupt'],
  ])('%s has a sentence and a hint', (code, expected) => {
    const value = toErrorValue(failure(code));
    expect(value.code).toBe(expected);
    expect(value.message).not.toContain('low-level words');
    expect(value.hint).not.toBe('');
  });

  it('that is not known keeps its words', () => {
    expect(toErrorValue(failure('EWHAT'))).toMatchObject({
      code: 'internal',
      message: expect.stringContaining('low-level words'),
    });
  });
});
