/** How long those who look after endpoints take to hear of things and to act. */
export const LAG_NAMES = [
  "kubeletStatus",
  "endpointSlices",
  "proxyWatch",
  "proxySync",
  "dnsWatch",
  "gatewayWatch",
  "cloudController",
  "healthCheck",
] as const;

export type LagName = (typeof LAG_NAMES)[number];

/** One of them, or `proxyWatch/NODE` for a single node's kube-proxy. */
export type LagKey = LagName | `proxyWatch/${string}`;

/** Those that are not as usual, in microseconds. */
export type LagSettings = { readonly [key in LagKey]?: number };

export const MAX_LAG_US = 600_000_000;
/** A load balancer that checks all the time would check nothing else. Source: elasticloadbalancing, HealthCheck Interval. */
const MIN_HEALTH_CHECK_US = 5_000_000;

export function isLagKey(key: string): key is LagKey {
  return LAG_NAMES.some((name) => name === key) || /^proxyWatch\/[^/]+$/.test(key);
}

/** What is wrong with it, for people; empty when nothing. */
export function lagError(key: LagKey, us: number): string {
  const min = key === "healthCheck" ? MIN_HEALTH_CHECK_US : 0;
  if (Number.isSafeInteger(us) && us >= min && us <= MAX_LAG_US) return "";
  return `must be between ${min / 1_000_000}s and ${MAX_LAG_US / 1_000_000}s`;
}

export function findLag(
  settings: LagSettings,
  name: LagName,
  node: string | undefined,
): number | undefined {
  const own = node === undefined ? undefined : settings[`proxyWatch/${node}`];
  return (name === "proxyWatch" ? own : undefined) ?? settings[name];
}
