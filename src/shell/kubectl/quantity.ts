/** Amounts of resources: `100m`, `2`, `64Mi`, `1e3`. Source: apimachinery/pkg/api/resource, Quantity. */

const UNITS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

export function parseQuantity(text: string): number | undefined {
  const match = /^([+-]?[\d.]+)(n|u|m|k|M|G|T|Ki|Mi|Gi|Ti|)$/.exec(text.trim());
  return match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1) : undefined;
}

/** CPUs: whole, or in thousandths. */
export function formatCpu(cpus: number): string {
  return Number.isInteger(cpus) ? String(cpus) : `${Math.round(cpus * 1_000)}m`;
}

/** Bytes, in the largest binary unit that divides them. */
export function formatBytes(bytes: number): string {
  for (const unit of ["Ti", "Gi", "Mi", "Ki"]) {
    const size = UNITS[unit] ?? 1;
    if (bytes !== 0 && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}
