import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/model/engines/engine.ts';
import { groupsOf, modelTitles } from './check.ts';
import { isFinding } from './finding.ts';
import type { Outcome } from './finding.ts';
import { models, present, sharedFolder, titled } from './fixture.ts';

/**
 * One suite for each model beside the project, with one test for each group of quantities.
 *
 * @param where names the engine in the suite's title
 * @param open called once, when the first test runs
 */
export function goldenSuite(where: string, open: () => Promise<Engine>): void {
  let opened: Promise<Engine> | null = null;
  const engine = (): Promise<Engine> => (opened ??= open());
  for (const name of models) {
    describe.skipIf(!present)(titled(`${name} against the reference, on ${where}`), () => {
      it.each(modelTitles)('%s', async (title) => {
        expect(await wrongIn(sharedFolder(name), title, engine)).toEqual([]);
      });
    });
  }
}

/** What one group found that it should not have: quantities beyond their tolerance, or not compared. */
export async function wrongIn(
  folder: string,
  title: string,
  engine: () => Promise<Engine>,
): Promise<Outcome[]> {
  const groups = await groupsOf(folder, engine);
  const outcomes = (await groups.find((group) => group.title === title)?.check()) ?? [];
  if (outcomes.length === 0) throw new Error(`Nothing was compared in “${title}”.`);
  return outcomes.filter((outcome) => !isFinding(outcome) || !outcome.ok);
}
