/** Probability that a chi-square variable of `degrees` exceeds `value`, by the recurrence over degrees.
 *  Source: Abramowitz and Stegun, 26.4.4, 26.4.5 and 26.4.8. */
export function chiSquareTail(value: number, degrees: number): number {
  const half = value / 2;
  const even = degrees % 2 === 0;
  let tail = even ? Math.exp(-half) : bothTails(Math.sqrt(value));
  let term = Math.exp(-half) * (even ? half : 2 * Math.sqrt(half / Math.PI));
  for (let of = even ? 2 : 1; of < degrees; of += 2) {
    tail += term;
    term *= value / (of + 2);
  }
  return tail;
}

/** Of the standard normal distribution. Source: Abramowitz and Stegun, 7.1.26 (error below 1.5e-7). */
function bothTails(z: number): number {
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2);
  const coefficients = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const series = coefficients.reduce((sum, coefficient) => (sum + coefficient) * t, 0);
  return series * Math.exp((-z * z) / 2);
}
