import { formatExtensions } from "../../../core/dataplane/netfilter/print-match";
import { formatTarget } from "../../../core/dataplane/netfilter/print-target";
import type { Rule } from "../../../core/dataplane/netfilter/rules";
import type { RuleTarget } from "../../../core/dataplane/netfilter/target-kinds";
import { portName } from "../services";

/** What `iptables -L` writes behind the addresses of a rule: its matches and its target's options. */
export function ruleWords(rule: Rule, numeric: boolean): string {
  const matches = formatExtensions(rule.matches).map((text) => matchWords(text.trim(), numeric));
  const comment = rule.comment === undefined ? [] : [`/* ${rule.comment} */`];
  const at = rule.commentAfter ?? 0;
  const words = [...matches.slice(0, at), ...comment, ...matches.slice(at)];
  if (rule.target?.kind === "goto") words.unshift("[goto] ");
  const target = rule.target ? targetWords(rule.target, numeric) : "";
  return [...words, ...(target === "" ? [] : [target])].join(" ");
}

/** `-m tcp --dport 80`, as iptables-save has it, is `tcp dpt:80` here. */
function matchWords(text: string, numeric: boolean): string {
  const [, module = "", options = ""] = /^-m (\S+) ?(.*)$/.exec(text) ?? [];
  switch (module) {
    case "tcp":
    case "udp":
    case "sctp":
      return `${module} ${options.replace(OPTION, (_, not, name, value) => portWords(name, value, not !== undefined, numeric))}`.trim();
    case "icmp":
      return options.replace(OPTION, (_, not, __, value) => `icmptype ${not ? "!" : ""}${value}`);
    case "conntrack":
      return options.replace(/--/g, "");
    case "mark":
    case "connmark":
      return `${module} match ${options.replace(/--mark /, "")}`;
    case "addrtype":
      return `ADDRTYPE match ${options.replace(/(! )?--(\S+-type) (\S+)/g, (_, not, name, value) => `${name} ${not ? "!" : ""}${value}`).replace("--limit-iface-", "limit-")}`;
    case "physdev":
      return `PHYSDEV match ${options}`;
    case "set":
      return options.replace("--", "");
    case "recent":
      return recentWords(options);
    case "limit":
      return options.replace("--limit ", "limit: avg ").replace("--limit-burst", "burst");
    default:
      return `${module} ${options.replace(/--/g, "")}`.trim();
  }
}

const OPTION = /(! )?--(\S+) (\S+(?: [^-!]\S*)?)/g;

function portWords(name: string, value: string, negate: boolean, numeric: boolean): string {
  const not = negate ? "!" : "";
  if (name === "tcp-flags") {
    const [mask = "", set = ""] = value.split(" ");
    return `flags:${not}${numeric ? `${flagBits(mask)}/${flagBits(set)}` : `${mask}/${set}`}`;
  }
  const short = name === "dport" ? "dpt" : "spt";
  return value.includes(":")
    ? `${short}s:${not}${value}`
    : `${short}:${not}${portName(value, numeric)}`;
}

const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];

function flagBits(names: string): string {
  const bits = names
    .split(",")
    .reduce((sum, name) => sum | (1 << Math.max(0, FLAGS.indexOf(name))), 0);
  return `0x${(names === "NONE" ? 0 : bits).toString(16).padStart(2, "0")}`;
}

const RECENT: Readonly<Record<string, string>> = {
  "--set": "SET",
  "--rcheck": "CHECK",
  "--update": "UPDATE",
  "--remove": "REMOVE",
  "--seconds": "seconds:",
  "--hitcount": "hit_count:",
  "--reap": "reap",
  "--rttl": "TTL-Match",
  "--name": "name:",
};

function recentWords(options: string): string {
  const side = options.includes("--rdest") ? "dest" : "source";
  const words = options.split(" ").filter((word) => word !== "--rsource" && word !== "--rdest");
  const text = words.map((word) =>
    word === "--mask" ? `side: ${side} mask:` : (RECENT[word] ?? word),
  );
  return `recent: ${text.join(" ")}`;
}

function targetWords(target: RuleTarget, numeric: boolean): string {
  switch (target.kind) {
    case "REJECT":
      return `reject-with ${target.with}`;
    case "MARK":
    case "CONNMARK":
      return markWords(formatTarget(target));
    case "LOG":
      return logWords(formatTarget(target), numeric);
    default:
      return formatTarget(target)
        .replace(/^ -[jg] \S+ ?/, "")
        .replace(/--to-(?:destination|source) /, "to:")
        .replace("--to-ports ", target.kind === "REDIRECT" ? "redir ports " : "masq ports: ")
        .replace(/ ?--(random-fully|random|persistent)/g, " $1")
        .replace("--notrack", "NOTRACK")
        .trim();
  }
}

const LOG_LEVELS = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"];
const LOG_FLAGS = ["tcp-sequence", "tcp-options", "ip-options", "uid", "", "macdecode"];

/** Source: iptables libxt_LOG.c, LOG_print. */
function logWords(text: string, numeric: boolean): string {
  const level = Number(/--log-level (\d)/.exec(text)?.[1] ?? 4);
  const flags = LOG_FLAGS.filter((name) => name !== "" && text.includes(`--log-${name}`));
  const bits = flags.reduce((sum, name) => sum | (1 << LOG_FLAGS.indexOf(name)), 0);
  const prefix = /--log-prefix ("(?:[^"\\]|\\.)*"|\S+)/.exec(text)?.[1];
  const words = numeric
    ? [`LOG flags ${bits} level ${level}`]
    : [`LOG level ${LOG_LEVELS[level] ?? level}`, ...flags];
  if (prefix !== undefined) words.push(`prefix ${prefix.startsWith('"') ? prefix : `"${prefix}"`}`);
  return words.join(" ");
}

/** Source: iptables libxt_MARK.c, mark_tg_print. */
function markWords(text: string): string {
  const [, value = "", mask = ""] = /--set-xmark (\S+)\/(\S+)/.exec(text) ?? [];
  const kind = text.includes("CONNMARK") ? "CONNMARK" : "MARK";
  if (value === "") return `${kind} ${text.split("--")[1]?.replace("-mark", "").trim() ?? ""}`;
  if (value === "0x0") return `${kind} and 0x${(~Number(mask) >>> 0).toString(16)}`;
  if (value === mask) return `${kind} or ${value}`;
  if (mask === "0x0") return `${kind} xor ${value}`;
  if (mask === "0xffffffff") return `${kind} set ${value}`;
  return `${kind} xset ${value}/${mask}`;
}
