/** Every operation a model can be described with. */
export { agreement, mostProbable, type RationaleTokens } from './agreement.ts';
export { add, addAll, divide, gelu, multiply, relu, scale, subtract } from './elementwise.ts';
export { linear, matmul } from './matmul.ts';
export { attend, crossEntropy, dropout, logSumExp, rmsNorm } from './network.ts';
export {
  argmax,
  gather,
  largestProbability,
  mergeHeads,
  splitHeads,
  type TokenGrid,
} from './rows.ts';
export { concat, reshape, sum, transpose } from './shape.ts';
