import type { NatRange } from "../target-kinds";
import type { RuleContext, TargetModule } from "./module";
import type { OptionSpec, Options } from "./options";
import { RuleError } from "./rule-error";
import { findPortNumber, parseAddress } from "./values";

const RANDOM: OptionSpec = { name: "random", takes: 0 };
const RANDOM_FULLY: OptionSpec = { name: "random-fully", takes: 0 };
const PERSISTENT: OptionSpec = { name: "persistent", takes: 0 };

function how(options: Options): NatRange {
  return {
    ...(options.has("random") && { random: true }),
    ...(options.has("random-fully") && { randomFully: true }),
    ...(options.has("persistent") && { persistent: true }),
  };
}

const DNAT: TargetModule = {
  options: [{ name: "to-destination" }, RANDOM, PERSISTENT],
  build: (options, context) => ({
    kind: "DNAT",
    ...parseTo(options.get("to-destination"), context),
    ...how(options),
  }),
};

const SNAT: TargetModule = {
  options: [{ name: "to-source" }, RANDOM, RANDOM_FULLY, PERSISTENT],
  build: (options, context) => ({
    kind: "SNAT",
    ...parseTo(options.get("to-source"), context),
    ...how(options),
  }),
};

const MASQUERADE: TargetModule = {
  options: [{ name: "to-ports" }, RANDOM, RANDOM_FULLY],
  build: (options, context) => ({
    kind: "MASQUERADE",
    ...toPorts(options, context),
    ...how(options),
  }),
};

const REDIRECT: TargetModule = {
  options: [{ name: "to-ports" }, RANDOM],
  build: (options, context) => ({
    kind: "REDIRECT",
    ...toPorts(options, context),
    ...how(options),
  }),
};

function toPorts(options: Options, context: RuleContext): NatRange {
  const text = options.find("to-ports");
  return text === undefined ? {} : parsePorts(text, context);
}

/** `10.0.0.1`, `10.0.0.1-10.0.0.9:80-90`, `:80`. */
function parseTo(text: string, context: RuleContext): NatRange {
  const colon = text.indexOf(":");
  const addresses = colon < 0 ? text : text.slice(0, colon);
  const ports = colon < 0 ? {} : parsePorts(text.slice(colon + 1), context);
  if (addresses === "") return ports;
  const [first = "", last] = addresses.split("-");
  const ip = parseAddress(first);
  const lastIp = last === undefined ? ip : parseAddress(last);
  if (lastIp < ip) throw new RuleError(`Bad IP range "${addresses}"`);
  return { ip, ...(lastIp !== ip && { lastIp }), ...ports };
}

const WITH_PORTS: readonly unknown[] = ["tcp", "udp", "sctp", "icmp", 33];

/** `80`, `80-90`, `80-90/1080`. */
function parsePorts(text: string, { protocol }: RuleContext): NatRange {
  if (!protocol || (!protocol.negate && !WITH_PORTS.includes(protocol.protocol)))
    throw new RuleError("Need TCP, UDP, SCTP or DCCP with port specification");
  const [range = "", base] = text.split("/");
  const [first = "", last = first] = range.split("-");
  const port = parsePortNumber(first);
  const lastPort = parsePortNumber(last);
  if (lastPort < port) throw new RuleError(`Port range \`${last}' funky`);
  return {
    port,
    ...(lastPort !== port && { lastPort }),
    ...(base !== undefined && { basePort: parsePortNumber(base) }),
  };
}

function parsePortNumber(text: string): number {
  const port = findPortNumber(text);
  if (port === undefined || port === 0) throw new RuleError(`Port \`${text}' not valid`);
  return port;
}

export const NAT_TARGETS = { DNAT, SNAT, MASQUERADE, REDIRECT };
