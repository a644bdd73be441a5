import { openStore } from '../../../../electron/store/open.ts';

/**
 * Answers example after example of an extraction and says `saved <example id>` as soon as the
 * store has returned; goes on until it is killed. With `soon`, the store does not wait for the disk.
 */
const [, , path = '', extractionId = '', soon = ''] = process.argv;
const store = openStore(path);
for (const { id: exampleId } of store.extractions.pending(extractionId)) {
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
      soon: soon === 'soon',
      spend: {
        ...{ requests: 1, promptTokens: 2, completionTokens: 1, cost: 0.5, reused: 0 },
        estimated: false,
      },
    },
  );
  console.log(`saved ${exampleId}`);
}
setInterval(() => undefined, 1_000);
