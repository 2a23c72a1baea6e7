import type { Flight, Step } from "../dataplane/flight";
import { go } from "../dataplane/stage";
import { cidr, contains, formatCidr } from "../net/cidr";
import { formatIpv4, type Ipv4 } from "../net/ipv4";
import { INTERNET } from "../trace/place";
import type { Fabric } from "./fabric";
import { arriving, drop, hop } from "./wire-step";

/** Across the internet, one way. */
const INTERNET_US = 10_000;

/** From anywhere on the internet to whoever has the address.
 *  Simplified: one router, which stays silent when a packet's time to live ends there. */
export function internet(arrived: Flight, fabric: Fabric): Step {
  if (arrived.packet.ttl <= 1)
    return drop(arrived, INTERNET, "TtlExceeded", "the packet's TTL ran out on the internet");
  const packet = { ...arrived.packet, ttl: arrived.packet.ttl - 1 };
  const flight = { ...arrived, packet };
  const destination = formatIpv4(packet.dst);
  const host = fabric.internet.get(packet.dst);
  if (host) {
    const seen = hop(
      "internet",
      INTERNET,
      "route",
      packet,
      packet,
      `${destination} to ${host.label}`,
    );
    return go([seen], arriving(flight, host, packet.dst), INTERNET_US);
  }
  const toVpc =
    fabric.published.has(packet.dst) ||
    packet.dst === fabric.natGateway ||
    (fabric.natGateway === undefined && fabric.vpc.has(packet.dst));
  if (!toVpc) {
    const explanation = `the internet has no route to ${destination}${whyNot(packet.dst, fabric)}`;
    return drop(flight, INTERNET, "IpInNoRoutes", explanation);
  }
  const seen = hop("internet", INTERNET, "route", packet, packet, `${destination} to the VPC`);
  return go([seen], { ...flight, stage: { at: "edge" } }, INTERNET_US);
}

function whyNot(ip: Ipv4, { podRanges }: Fabric): string {
  const pods = podRanges.find(({ range }) => contains(range, ip));
  if (pods)
    return `, an address of the pod network: that ${formatCidr(pods.range)} is on ${pods.node}, only machines of that network know, and the VPC where its route table has a row for it`;
  return isPrivate(ip) ? ", a private address: nobody outside can know whose" : "";
}

/** Source: RFC 1918. */
const PRIVATE = [cidr("10.0.0.0/8"), cidr("172.16.0.0/12"), cidr("192.168.0.0/16")];

function isPrivate(ip: Ipv4): boolean {
  return PRIVATE.some((range) => contains(range, ip));
}
