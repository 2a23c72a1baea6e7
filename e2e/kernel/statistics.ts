/** From here on the recurrence would leave the range of numbers. */
const MANY_DEGREES = 200;

/** Probability that a chi-square variable of `degrees` exceeds `value`: by the recurrence over degrees; for many of
 *  them by the Wilson-Hilferty approximation.
 *  Source: Abramowitz and Stegun, 26.4.4, 26.4.5, 26.4.8 and 26.4.17. */
export function chiSquareTail(value: number, degrees: number): number {
  if (degrees === 0) return 1;
  if (degrees > MANY_DEGREES) {
    const spread = 2 / (9 * degrees);
    return upperTail((Math.cbrt(value / degrees) - (1 - spread)) / Math.sqrt(spread));
  }
  const half = value / 2;
  const even = degrees % 2 === 0;
  let tail = even ? Math.exp(-half) : 2 * upperTail(Math.sqrt(value));
  let term = Math.exp(-half) * (even ? half : 2 * Math.sqrt(half / Math.PI));
  for (let of = even ? 2 : 1; of < degrees; of += 2) {
    tail += term;
    term *= value / (of + 2);
  }
  return tail;
}

/** Of the standard normal distribution, beyond `z`. Source: Abramowitz and Stegun, 7.1.26: an error below 1e-7, and
 *  of less than a half far out. */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2);
  const coefficients = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const series = coefficients.reduce((sum, coefficient) => (sum + coefficient) * t, 0);
  return (series * Math.exp((-z * z) / 2)) / 2;
}
