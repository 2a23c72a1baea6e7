import { isLagKey, type LagKey, lagError } from "../core/api/lags";
import { type CheckPurpose, PROBE_KINDS } from "../core/controllers/check";
import { TABLE_NAMES } from "../core/dataplane/netfilter/rules";
import { type HttpOptions, httpOptionsError } from "../core/net/http-message";
import { readListener } from "./read-listener";
import { isFiniteNumber, isIndex, isName, isRecord, isText, type JsonRecord } from "./read-values";
import type { Command, ComparableEdit, SendOptions } from "./shared-moment";

/** Of rules that a link carries: a real node's with a few thousand Services. */
const MAX_RESTORE_CHARACTERS = 2_000_000;

/** Of a line that `ip` takes. */
const MAX_IP_CHARACTERS = 1_000;

/** Source: RFC 1035, section 2.3.4. */
const MAX_DNS_NAME = 255;

export const MAX_YAML_CHARACTERS = 2_000_000;

type Readers = {
  readonly [Type in Command["type"]]: (
    value: JsonRecord,
  ) => Extract<Command, { type: Type }> | undefined;
};

/** One for each command: what is not exactly that command is none. */
const READERS: Readers = {
  apply: ({ yaml }) => (isText(yaml, MAX_YAML_CHARACTERS) ? { type: "apply", yaml } : undefined),
  create: ({ manifest }) => (isRecord(manifest) ? { type: "create", manifest } : undefined),
  replace: ({ manifest }) => (isRecord(manifest) ? { type: "replace", manifest } : undefined),
  delete: ({ key, gracePeriodSeconds }) =>
    isName(key) && (gracePeriodSeconds === undefined || isFiniteNumber(gracePeriodSeconds))
      ? { type: "delete", key, ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) }
      : undefined,
  send: ({ from, to, options }) => {
    const read = readSendOptions(options);
    return isName(from) && isName(to) && read
      ? { type: "send", from, to, ...(options !== undefined && { options: read }) }
      : undefined;
  },
  patch: ({ key, patch }) =>
    isName(key) && isRecord(patch) ? { type: "patch", key, patch } : undefined,
  drain: ({ node }) => (isName(node) ? { type: "drain", node } : undefined),
  killContainer: ({ namespace, pod, container }) =>
    isName(namespace) && isName(pod) && (container === undefined || isName(container))
      ? { type: "killContainer", namespace, pod, ...(container !== undefined && { container }) }
      : undefined,
  setProxy: ({ node, running }) =>
    isName(node) && typeof running === "boolean" ? { type: "setProxy", node, running } : undefined,
  setPower: ({ node, on }) =>
    isName(node) && typeof on === "boolean" ? { type: "setPower", node, on } : undefined,
  setSetting: ({ node, setting, value }) =>
    isName(node) && isName(setting) && typeof value === "number"
      ? { type: "setSetting", node, setting, value }
      : undefined,
  configureNetwork: ({ netns, text }) =>
    isName(netns) && isText(text, MAX_IP_CHARACTERS)
      ? { type: "configureNetwork", netns, text }
      : undefined,
  restoreRules: ({ node, text, stopProxy, keepsCounters }) =>
    isName(node) && isText(text, MAX_RESTORE_CHARACTERS)
      ? {
          type: "restoreRules",
          node,
          text,
          ...(stopProxy === true && { stopProxy }),
          ...(keepsCounters === true && { keepsCounters }),
        }
      : undefined,
  setLag: ({ lag, us }) =>
    typeof lag === "string" && isLagKey(lag) && isName(lag) && (us === null || isLagUs(lag, us))
      ? { type: "setLag", lag, us }
      : undefined,
  check: ({ purpose }) => {
    const read = readPurpose(purpose);
    return read && { type: "check", purpose: read };
  },
  setReadiness: ({ namespace, pod, ready }) =>
    isName(namespace) && isName(pod) && typeof ready === "boolean"
      ? { type: "setReadiness", namespace, pod, ready }
      : undefined,
  burst: ({ from, to, http, count, intervalUs }) =>
    isName(from) &&
    isName(to) &&
    isHttp(http) &&
    typeof count === "number" &&
    typeof intervalUs === "number"
      ? { type: "burst", from, to, ...(http && { http }), count, intervalUs }
      : undefined,
  startTraffic: ({ from, to, http, perSecond }) =>
    isName(from) && isName(to) && isHttp(http) && typeof perSecond === "number"
      ? { type: "startTraffic", from, to, ...(http && { http }), perSecond }
      : undefined,
  stopTraffic: () => ({ type: "stopTraffic" }),
  deleteConntrack: ({ netns, entries }) =>
    isName(netns) && Array.isArray(entries) && entries.every(isFiniteNumber)
      ? { type: "deleteConntrack", netns, entries }
      : undefined,
  zeroCounters: ({ netns, table, chain }) => {
    const name = TABLE_NAMES.find((one) => one === table);
    return isName(netns) && name && (chain === undefined || isName(chain))
      ? { type: "zeroCounters", netns, table: name, ...(chain !== undefined && { chain }) }
      : undefined;
  },
  listen: ({ netns, listener, open }) => {
    const read = readListener(listener);
    return isName(netns) && read && typeof open === "boolean"
      ? { type: "listen", netns, listener: read, open }
      : undefined;
  },
  undo: () => ({ type: "undo" }),
  redo: () => ({ type: "redo" }),
};

/** Undefined for anything that is not a command. */
export function readCommand(value: unknown): Command | undefined {
  if (!isRecord(value) || !isCommandType(value.type)) return undefined;
  return READERS[value.type](value);
}

/** The largest value of a number; a switch has none, and a question is a record. */
const SEND_OPTIONS: Readonly<Record<keyof SendOptions, number | "switch" | "question" | "http">> = {
  handshakeOnly: "switch",
  http: "http",
  lookupOnly: "switch",
  question: "question",
  requestDelayUs: 86_400_000_000,
  ttl: 255,
};

/** Undefined where there is anything else in it. */
function readSendOptions(value: unknown): SendOptions | undefined {
  if (value === undefined) return {};
  if (!isRecord(value)) return undefined;
  const wrong = Object.entries(value).some(([name, option]) => {
    const limit = Object.hasOwn(SEND_OPTIONS, name) && SEND_OPTIONS[name as keyof SendOptions];
    if (limit === "switch") return typeof option !== "boolean";
    if (limit === "question") return !isQuestion(option);
    if (limit === "http") return httpOptionsError(option) !== "";
    return limit === false || !isWholeUpTo(option, limit);
  });
  return wrong ? undefined : value;
}

function isHttp(value: unknown): value is HttpOptions | undefined {
  return value === undefined || httpOptionsError(value) === "";
}

const QUERY_TYPES: readonly unknown[] = ["A", "AAAA", "CNAME", "SRV", "PTR", "TXT"];

function isQuestion(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).length !== 2) return false;
  return isText(value.name, MAX_DNS_NAME) && QUERY_TYPES.includes(value.type);
}

function isWholeUpTo(value: unknown, limit: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= limit;
}

function isLagUs(lag: LagKey, us: unknown): us is number {
  return typeof us === "number" && lagError(lag, us) === "";
}

function readPurpose(value: unknown): CheckPurpose | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, pod, container, service, node } = value;
  if (kind === "target" && isName(service) && isName(node)) return { kind, service, node };
  const probe = PROBE_KINDS.find((one) => one === value.probe);
  return kind === "probe" && isName(pod) && isIndex(container) && container >= 0 && probe
    ? { kind, pod, container, probe }
    : undefined;
}

const NOT_COMPARED: ReadonlySet<Command["type"]> = new Set([
  "check",
  "deleteConntrack",
  "zeroCounters",
  "listen",
  "send",
  "burst",
  "startTraffic",
  "stopTraffic",
  "undo",
  "redo",
]);

export function readComparableEdit(value: unknown): ComparableEdit | undefined {
  const command = readCommand(value);
  return command && !NOT_COMPARED.has(command.type) ? (command as ComparableEdit) : undefined;
}

function isCommandType(type: unknown): type is Command["type"] {
  return typeof type === "string" && Object.hasOwn(READERS, type);
}
