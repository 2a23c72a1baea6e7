import { formatIpv4 } from "../../net/ipv4";
import { hex, quote } from "./print-parts";
import type { ConnmarkTarget, MarkTarget, NatRange, RuleTarget } from "./target-kinds";

export function formatTarget(target: RuleTarget): string {
  switch (target.kind) {
    case "ACCEPT":
    case "DROP":
    case "RETURN":
      return ` -j ${target.kind}`;
    case "REJECT":
      return ` -j REJECT --reject-with ${target.with}`;
    case "jump":
      return ` -j ${target.chain}`;
    case "goto":
      return ` -g ${target.chain}`;
    case "MARK":
      return ` -j MARK --set-xmark ${formatXmark(target)}`;
    case "CONNMARK":
      return ` -j CONNMARK ${formatConnmark(target)}`;
    case "NOTRACK":
      return target.isOldName ? " -j NOTRACK" : " -j CT --notrack";
    case "DNAT":
      return ` -j DNAT --to-destination ${formatTo(target)}${formatHow(target)}`;
    case "SNAT":
      return ` -j SNAT --to-source ${formatTo(target)}${formatHow(target)}`;
    case "MASQUERADE":
    case "REDIRECT":
      return ` -j ${target.kind}${target.port === undefined ? "" : ` --to-ports ${formatPorts(target)}`}${formatHow(target)}`;
    case "LOG":
    case "NFLOG":
    case "TRACE":
    case "TCPMSS":
    case "CHECKSUM":
      return ` -j ${[target.kind, ...target.options.map(formatWord)].join(" ")}`;
  }
}

function formatWord(word: string): string {
  return word.startsWith("--") ? word : quote(word);
}

/** `value/mask`: clear the mask's bits, then flip the value's. */
function formatXmark(target: MarkTarget): string {
  const { value } = target;
  switch (target.op) {
    case "set":
      return `${hex(value)}/0xffffffff`;
    case "or":
      return `${hex(value)}/${hex(value)}`;
    case "xor":
      return `${hex(value)}/0x0`;
    case "and":
      return `0x0/${hex(~value)}`;
    case "xmark":
      return `${hex(value)}/${hex(target.mask)}`;
  }
}

function formatConnmark(target: ConnmarkTarget): string {
  return target.op === "set"
    ? `--set-xmark ${hex(target.value)}/${hex(target.mask)}`
    : `--${target.op}-mark --nfmask ${hex(target.nfmask)} --ctmask ${hex(target.ctmask)}`;
}

function formatTo(range: NatRange): string {
  const { ip, lastIp = ip, port } = range;
  const first = ip === undefined ? "" : formatIpv4(ip);
  const last = lastIp === undefined || lastIp === ip ? "" : `-${formatIpv4(lastIp)}`;
  return `${first}${last}${port === undefined ? "" : `:${formatPorts(range)}`}`;
}

function formatPorts({ port = 0, lastPort = port, basePort }: NatRange): string {
  const last = lastPort === port ? "" : `-${lastPort}`;
  return `${port}${last}${basePort === undefined ? "" : `/${basePort}`}`;
}

function formatHow({ random, randomFully, persistent }: NatRange): string {
  return `${random ? " --random" : ""}${randomFully ? " --random-fully" : ""}${persistent ? " --persistent" : ""}`;
}
