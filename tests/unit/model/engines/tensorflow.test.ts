import { describe, expect, it } from 'vitest';
import {
  describeTensorFlow,
  openTensorFlowEngine,
} from '../../../../electron/model/engines/tensorflow.ts';
import { disagreement } from '../graph/agreement.ts';
import { cases } from '../graph/cases.ts';

const { installed } = describeTensorFlow();

describe.skipIf(!installed)('TensorFlow against float64', () => {
  for (const [title, test] of Object.entries(cases)) {
    it(title, async () => {
      const engine = await openTensorFlowEngine();
      const worst = await disagreement(engine, test);
      expect(worst).toBeLessThan(2e-6);
    });
  }
});
