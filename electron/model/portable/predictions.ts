/** What a row of logits says, for runtimes that give nothing else. */

/** Index of the largest logit; the first of several. */
export function mostLikelyToken(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token++) {
    if ((logits[token] ?? 0) > (logits[best] ?? 0)) best = token;
  }
  return best;
}

/** The logarithm of the sum of e^logit, without overflow. */
export function logSumExp(logits: Float32Array): number {
  const largest = logits[mostLikelyToken(logits)] ?? 0;
  let sum = 0;
  for (let token = 0; token < logits.length; token++) {
    sum += Math.exp((logits[token] ?? 0) - largest);
  }
  return largest + Math.log(sum);
}
