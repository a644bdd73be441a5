import { describe } from 'vitest';
import {
  describeTensorFlow,
  openTensorFlowEngine,
} from '../../electron/model/engines/tensorflow.ts';
import { goldenSuite } from './suite.ts';

const { installed } = describeTensorFlow();
const title = installed
  ? 'TensorFlow'
  : 'TensorFlow (skipped: its library is absent; npm run tensorflow-cpu)';

describe.skipIf(!installed)(title, () => {
  goldenSuite('tensorflow', openTensorFlowEngine);
});
