/**
 * US dollars as a person reads them: cents, and three digits that count of what is less than a
 * dollar: `$12.30`, `$0.10`, `$0.0319`.
 */
export function dollars(amount: number): string {
  if (amount === 0) return '$0';
  const decimals = amount >= 1 ? 2 : Math.min(10, 2 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(decimals).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}
