import { openStore } from '../../../../electron/store/open.ts';

/**
 * Saves one answer after another without waiting for the disk, and ends itself at once, with no
 * chance to close anything, when the last has been saved.
 */
const [, , path = '', extractionId = '', count = '0'] = process.argv;
const store = openStore(path);
for (const { id: exampleId } of store.extractions.pendingPage(extractionId, 0, Number(count))) {
  store.extractions.saveCompletions(
    extractionId,
    [
      {
        completion: {
          ...{ exampleId, sample: 0, text: `Text ${exampleId}`, failure: null },
          ...{ finishReason: 'stop', promptTokens: 2, completionTokens: 1, milliseconds: 1 },
          ...{ requestHash: null, reused: false },
        },
        rationale: { exampleId, sample: 0, label: '7', rationale: 'Because.', correct: true },
      },
    ],
    {
      soon: true,
      spend: {
        ...{ requests: 1, promptTokens: 2, completionTokens: 1, cost: 0.5, reused: 0 },
        estimated: false,
      },
    },
  );
}
process.kill(process.pid, 'SIGKILL');
