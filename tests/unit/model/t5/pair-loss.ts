/**
 * The mutual-information term of one pair, written out: max-pooled probabilities of label and
 * rationale, and the cross-entropy of the label's with the softmax of the rationale's.
 *
 * @param label logits of each label token
 * @param rationale logits of each rationale token
 * @param fixed the label's pooled probabilities where they are a constant of earlier
 */
export function pairLoss(
  label: readonly (readonly number[])[],
  rationale: readonly (readonly number[])[],
  fixed: readonly number[] | null = null,
): { target: readonly number[]; loss: number } {
  const target = fixed ?? pooled(label);
  const share = softmax(pooled(rationale));
  const loss = target.reduce((sum, q, v) => sum - q * Math.log(share[v] ?? Number.NaN), 0);
  return { target, loss };
}

function pooled(logits: readonly (readonly number[])[]): number[] {
  const rows = logits.map(softmax);
  return (rows[0] ?? []).map((_first, v) => Math.max(...rows.map((row) => row[v] ?? 0)));
}

function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - top));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}
