import { contains, parseCidr } from "../../../core/net/cidr";
import { parseIpv4 } from "../../../core/net/ipv4";
import type { Packet } from "../../../core/net/packet";

export type PacketFilter = (packet: Packet) => boolean;

/** pcap-filter(7), as far as one uses it here: host, net, port, src, dst, tcp, udp, icmp, ip, and, or, not, brackets.
 *  Undefined: a syntax error, or something that is not modelled. */
export function parseFilter(words: readonly string[]): PacketFilter | undefined {
  const tokens = words
    .join(" ")
    .replace(/([()!])/g, " $1 ")
    .replace(/&&/g, " and ")
    .replace(/\|\|/g, " or ")
    .split(/\s+/)
    .filter((word) => word !== "");
  if (tokens.length === 0) return () => true;
  const reader = new FilterReader(tokens);
  const filter = reader.readOr();
  return filter && reader.isAtEnd ? filter : undefined;
}

class FilterReader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  readOr(): PacketFilter | undefined {
    let left = this.#readAnd();
    while (left && this.#take("or")) {
      const first: PacketFilter = left;
      const right = this.#readAnd();
      left = right && ((packet) => first(packet) || right(packet));
    }
    return left;
  }

  #readAnd(): PacketFilter | undefined {
    let left = this.#readNot();
    while (left && this.#take("and")) {
      const first: PacketFilter = left;
      const right = this.#readNot();
      left = right && ((packet) => first(packet) && right(packet));
    }
    return left;
  }

  #readNot(): PacketFilter | undefined {
    if (this.#take("not") || this.#take("!")) {
      const inner = this.#readNot();
      return inner && ((packet) => !inner(packet));
    }
    if (this.#take("(")) {
      const inner = this.readOr();
      return this.#take(")") ? inner : undefined;
    }
    return this.#readPrimitive();
  }

  #readPrimitive(): PacketFilter | undefined {
    const protocol = ["tcp", "udp", "icmp", "ip"].find((name) => this.#take(name));
    const side = this.#take("src") ? "src" : this.#take("dst") ? "dst" : undefined;
    const kind = ["host", "net", "port"].find((name) => this.#take(name));
    const hasProtocol: PacketFilter = (packet) =>
      protocol === undefined || protocol === "ip" || packet.protocol === protocol;
    if (kind === undefined && side === undefined && protocol !== undefined) return hasProtocol;
    const value = this.#tokens[this.#at++] ?? "";
    const test = kind === "port" ? portTest(value, side) : addressTest(value, side, kind === "net");
    return test && ((packet) => hasProtocol(packet) && test(packet));
  }

  #take(word: string): boolean {
    if (this.#tokens[this.#at] !== word) return false;
    this.#at++;
    return true;
  }
}

function portTest(text: string, side: "src" | "dst" | undefined): PacketFilter | undefined {
  const port = { http: 80, https: 443, domain: 53 }[text] ?? Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return undefined;
  return ({ sport, dport }) =>
    (side !== "dst" && sport === port) || (side !== "src" && dport === port);
}

function addressTest(
  text: string,
  side: "src" | "dst" | undefined,
  isNet: boolean,
): PacketFilter | undefined {
  const ip = parseIpv4(text);
  const range = isNet
    ? parseCidr(text)
    : ip === undefined
      ? undefined
      : { network: ip, prefix: 32 };
  return (
    range &&
    (({ src, dst }) =>
      (side !== "dst" && contains(range, src)) || (side !== "src" && contains(range, dst)))
  );
}
