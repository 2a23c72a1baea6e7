import { PROTOCOL_NUMBERS, type Protocol } from "../../net/packet";

/** Names that iptables prints for the numbers of other protocols. Source: Debian's /etc/protocols. */
const OTHER_NAMES: Readonly<Record<string, number>> = {
  igmp: 2,
  ggp: 3,
  ipencap: 4,
  st: 5,
  egp: 8,
  igp: 9,
  dccp: 33,
  ipv6: 41,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  "ipv6-icmp": 58,
  ospf: 89,
  ipip: 94,
  pim: 103,
  ipcomp: 108,
  vrrp: 112,
  l2tp: 115,
  udplite: 136,
};

/** Names that are understood, but not printed. */
const ALIASES: Readonly<Record<string, number>> = { ipv4: 4, ipv6icmp: 58, icmpv6: 58 };

const NAMES = new Map(
  [...Object.entries(PROTOCOL_NUMBERS), ...Object.entries(OTHER_NAMES)].map(([name, number]) => [
    number,
    name,
  ]),
);

export function formatProtocol(protocol: Protocol | number): string {
  return typeof protocol === "number" ? (NAMES.get(protocol) ?? String(protocol)) : protocol;
}

/** A name or number; 0 is every protocol; undefined when there is none of that name. */
export function parseProtocol(text: string): Protocol | number | undefined {
  const name = text.toLowerCase();
  if (name === "all") return 0;
  const number = /^\d{1,3}$/.test(name)
    ? Number(name)
    : [PROTOCOL_NUMBERS, OTHER_NAMES, ALIASES].find((names) => Object.hasOwn(names, name))?.[
        name as Protocol
      ];
  if (number === undefined || number > 255) return undefined;
  const known = (Object.keys(PROTOCOL_NUMBERS) as Protocol[]).find(
    (protocol) => PROTOCOL_NUMBERS[protocol] === number,
  );
  return known ?? number;
}
