import type { Flight } from "../dataplane/flight";
import type { Listener } from "../dataplane/netns";
import type { Plane } from "../dataplane/plane";
import type { Fabric } from "../fabric/fabric";
import type { DnsAnswer, DnsMessage } from "../net/dns-message";
import type { Ipv4 } from "../net/ipv4";
import type { Decider } from "../sim/decider";
import type { SimEvent } from "../sim/event-queue";

/** A packet's next stage is due. */
export interface PacketDue extends SimEvent {
  readonly type: "packetDue";
  readonly journey: number;
  readonly flight: Flight;
}

export function isPacketDue(event: SimEvent): event is PacketDue {
  return event.type === "packetDue";
}

export interface ProxyTarget {
  readonly label: string;
  readonly ip: Ipv4;
  readonly port: number;
}

/** The world as packets see it, at one moment. */
export interface NetworkMoment {
  readonly nowUs: number;
  readonly plane: Plane;
  readonly fabric: Fabric;
  /** Where the proxy behind a listener may send a connection: its healthy targets. */
  proxyTargets(listener: Listener): readonly ProxyTarget[];
  /** What the cluster's DNS server says. */
  answerDns(question: DnsMessage["question"]): DnsAnswer;
}

/** What the network needs of the world that it is in. */
export interface NetworkEnvironment extends NetworkMoment {
  schedule(delayUs: number, event: PacketDue): void;
  decider(name: string): Decider;
  readonly naive?: boolean;
}
