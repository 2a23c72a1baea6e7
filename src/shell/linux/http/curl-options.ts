import type { OptionSpec } from "../../options";

export const CURL_OPTIONS = {
  verbose: { short: "v" },
  silent: { short: "s" },
  "show-error": { short: "S" },
  output: { short: "o", value: true },
  "remote-name": { short: "O" },
  "write-out": { short: "w", value: true },
  "max-time": { short: "m", value: true },
  "connect-timeout": { value: true },
  header: { short: "H", value: true },
  head: { short: "I" },
  include: { short: "i" },
  request: { short: "X", value: true },
  data: { short: "d", value: true },
  fail: { short: "f" },
  insecure: { short: "k" },
  location: { short: "L" },
  "user-agent": { short: "A", value: true },
  ipv4: { short: "4" },
  "no-progress-meter": {},
  http1: { short: "0" },
  version: { short: "V" },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** What curl has, and we leave out: it takes them, and we say so. */
export const NOT_MODELLED =
  /^(?:--?(?:proxy|x|user|u|cookie|b|form|F|upload-file|T|resolve|interface|retry|limit-rate|cacert|cert|compressed|parallel|Z|config|K|unix-socket|http2|ipv6|6))$/;

/** Source: curl(1), EXIT CODES. */
export const EXIT = {
  unsupportedProtocol: 1,
  initFailed: 2,
  malformedUrl: 3,
  couldNotResolve: 6,
  couldNotConnect: 7,
  httpError: 22,
  writeError: 23,
  timedOut: 28,
  tlsFailed: 35,
  emptyReply: 52,
  receiveError: 56,
} as const;
