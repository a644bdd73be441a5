/**
 * US dollars as a sentence has them: cents, and of less than ten cents two digits that count, as in
 * `$12.50` and `$0.0034`.
 */
export function dollars(amount: number): string {
  if (amount === 0 || amount >= 0.1) return `$${amount.toFixed(2)}`;
  const digits = Math.min(10, 1 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(digits)}`;
}
