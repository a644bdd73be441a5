import { describe, expect, it } from 'vitest';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { tokenizerTitles } from './check.ts';
import { present, sharedFolder, titled } from './fixture.ts';
import { goldenSuite, wrongIn } from './suite.ts';

for (const threads of [1, 2, 4]) {
  goldenSuite(`cpu with threads: ${threads}`, () => openEngine({ threads }));
}

describe.skipIf(!present)(titled('T5’s tokenizer against the references'), () => {
  it.each(tokenizerTitles)('%s', async (title) => {
    expect(await wrongIn(sharedFolder('tokenizer'), title, openEngine)).toEqual([]);
  });
});
