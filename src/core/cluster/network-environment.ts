import type { Flight } from "../dataplane/flight";
import type { Listener } from "../dataplane/netns";
import type { Plane } from "../dataplane/plane";
import type { Fabric } from "../fabric/fabric";
import type { DnsAnswer, DnsMessage } from "../net/dns-message";
import type { HttpRequest, HttpResponse } from "../net/http-message";
import type { Ipv4 } from "../net/ipv4";
import type { Decider } from "../sim/decider";
import type { SimEvent } from "../sim/event-queue";
import type { Connection, JourneyOptions } from "./connection";
import type { Onward, Trouble, TroubleAnswer } from "./onward";

/** A packet's next stage is due. */
export interface PacketDue extends SimEvent {
  readonly type: "packetDue";
  readonly journey: number;
  readonly flight: Flight;
}

/** A journey's lookup has waited long enough for an answer. */
export interface LookupDue extends SimEvent {
  readonly type: "lookupDue";
  readonly journey: number;
}

export type NetworkEvent = PacketDue | LookupDue;

export function isNetworkEvent(event: SimEvent): event is NetworkEvent {
  return event.type === "packetDue" || event.type === "lookupDue";
}

/** What a DNS server makes of a question. */
export interface ServerAnswer {
  readonly answer: DnsAnswer;
  readonly ttlSeconds: number;
  /** It asks `to` for this name first, and puts what it hears behind its own answer. */
  readonly forward?: string;
  readonly to?: Ipv4;
  /** What it knows is not what is: its watch lags. */
  readonly isBehind: boolean;
}

export interface ProxyTarget {
  readonly label: string;
  readonly ip: Ipv4;
  readonly port: number;
  /** It is told of the client in a line before its first bytes. */
  readonly proxyProtocol: boolean;
}

/** The world as packets see it, at one moment. */
export interface NetworkMoment {
  readonly nowUs: number;
  /** What packets are for, where that is not somebody's request. */
  readonly origin?: string;
  readonly plane: Plane;
  readonly fabric: Fabric;
  /** Where the proxy behind a listener may send a connection: its healthy targets. */
  proxyTargets(listener: Listener): readonly ProxyTarget[];
  /** What the web server behind a listener says; undefined where it speaks something else. */
  answerHttp(listener: Listener, request: HttpRequest): HttpResponse | undefined;
  /** Where the program behind a listener turns with what it is asked; undefined: it answers itself, as a web server does. */
  onwardFor(connection: Connection, options: JourneyOptions): Onward | undefined;
  /** What it says when that came to nothing. */
  answerTrouble(connection: Connection, trouble: Trouble): TroubleAnswer;
  /** Whether the server behind a listener expects a PROXY line, and reads it. */
  readsProxyLine(listener: Listener): boolean;
  /** What the DNS server behind a listener says. */
  answerDns(listener: Listener, question: DnsMessage["question"]): ServerAnswer;
}

/** What the network needs of the world that it is in. */
export interface NetworkEnvironment extends NetworkMoment {
  schedule(delayUs: number, event: NetworkEvent): void;
  decider(name: string): Decider;
  readonly naive?: boolean;
}
