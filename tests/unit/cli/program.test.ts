import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../electron/cli/program.ts';

describe('the help of the commands', () => {
  it('writes every default as a person types it', () => {
    const parsed = createProgram()
      .commands.flatMap(({ options }) => options)
      .filter(({ defaultValue }: { defaultValue?: unknown }) => typeof defaultValue === 'object');
    expect(parsed.length).toBeGreaterThan(0);
    for (const { flags, defaultValueDescription } of parsed) {
      expect(defaultValueDescription, flags).toBeTypeOf('string');
    }
  });
});
