import type { CheckPurpose } from "../controllers/check";
import type { Listener, NetnsId } from "../dataplane/netns";
import type { LookupPlan, LookupState } from "../dns/stub-resolver";
import { type DnsMessage, dnsMessageBytes, formatDnsMessage } from "../net/dns-message";
import {
  type HttpOptions,
  type HttpPart,
  type HttpRequest,
  type HttpResponse,
  requestHeaders,
  requestLine,
  statusLine,
} from "../net/http-message";
import type { Ipv4 } from "../net/ipv4";
import type { Packet, Protocol, TcpFlags } from "../net/packet";
import type { Tuple } from "../net/tuple";
import type { Frame } from "../trace/frame";
import type { Hop } from "../trace/hop";
import { requestBytes, responseBytes } from "../trace/payload-bytes";
import type { Reason, Verdict } from "../trace/verdict";

/** One transport connection, as its client and its server know it. Immutable. */
export interface Connection {
  readonly id: number;
  readonly journey: number;
  readonly client: NetnsId;
  /** From the client's side: its own address, and what it dialled. */
  readonly tuple: Tuple;
  /** What a datagram asks a DNS server. */
  readonly query?: DnsMessage;
  /** It belongs to a port-forward, whose servers pass it on to this pod. */
  readonly tunnel?: Tunnel;
  /** What its client asks a web server for, where that is said. */
  readonly request?: HttpRequest;
  /** What the web server has answered. */
  readonly response?: HttpResponse;
  /** What a load balancer says of its own client before the request. Source: PROXY protocol, version 1. */
  readonly proxyLine?: string;
  /** The client has closed it without a word. */
  readonly hungUp?: boolean;
  readonly server?: ConnectionServer;
  /** A proxy's connection to its target belongs to the client's connection to the proxy, and the other way round. */
  readonly parent?: number;
  readonly child?: number;
  /** Its server shakes hands itself, and opens the child for the request only: see onward. */
  readonly isOnward?: boolean;
  /** Why the connection will be refused, once the news has reached the client. */
  readonly failure?: Verdict;
}

/** Where a port-forward leads. */
export interface Tunnel {
  readonly namespace: string;
  readonly pod: string;
  /** Absent: it is only opened. */
  readonly port?: number;
}

export interface ConnectionServer {
  readonly netns: NetnsId;
  readonly listener: Listener;
  /** From the client to the server, as the server sees it. */
  readonly tuple: Tuple;
}

/** One request that somebody sends, and all that comes of it. Immutable. */
export interface Journey {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly sentAtUs: number;
  readonly options: JourneyOptions;
  /** The name has so many addresses, of which the client took one; absent: one. */
  readonly addresses?: number;
  /** The client's own connection: the one that it wanted, or, until the name is resolved, that of its latest query. */
  readonly connection: number;
  /** The addresses that a lookup has found. */
  readonly resolved?: readonly Ipv4[];
  /** The name is still being looked up. */
  readonly lookup?: PendingLookup;
  readonly hops: readonly Hop[];
  /** What captures at the interfaces on the way see; none of what is only counted. */
  readonly frames: readonly Frame[];
  readonly outcome?: Outcome;
  /** Packets under way. */
  readonly inFlight: number;
}

/** A lookup that must come to an end before the client can connect. */
export interface PendingLookup {
  readonly client: NetnsId;
  readonly to: NamedDestination;
  readonly state: LookupState;
  readonly askedAtUs: number;
  /** What has kept the latest query from being answered. */
  readonly failure?: Verdict;
}

export interface JourneyOptions {
  /** Stop when the handshake is done: enough to know who answers. */
  readonly handshakeOnly?: boolean;
  /** The client waits this long between the handshake and its request. */
  readonly requestDelayUs?: number;
  /** Time to live of the packets that the client sends, where it is not Linux's own: traceroute's counts up. */
  readonly ttl?: number;
  /** What to ask a web server for, where that is not `/`. */
  readonly http?: HttpOptions;
  /** With handshakeOnly: a gateway, which shakes hands itself, is asked, so that the server behind it is known. */
  readonly throughGateways?: boolean;
  /** What to ask a DNS server, where the request is a datagram to port 53. */
  readonly question?: DnsMessage["question"];
  /** Stop when the name is resolved. */
  readonly lookupOnly?: boolean;
  /** Close the connection as soon as it is open: enough to know that somebody listens. */
  readonly hangUp?: boolean;
  /** A kubelet's or load balancer's check that somebody follows. */
  readonly check?: CheckPurpose;
  /** Part of a load: counted when it has ended, and forgotten. */
  readonly counted?: boolean;
}

export interface Outcome {
  readonly verdict: Verdict;
  /** `pod/NAMESPACE/NAME`, `node/NAME`, `host/NAME`; only when delivered. */
  readonly server?: string;
  readonly serverSeesSrcIp?: Ipv4;
  /** Whom a load balancer's PROXY line names as its client, where the server reads such lines. */
  readonly proxyClient?: string;
  /** Address and port at which the server was reached. */
  readonly serverLocal?: { readonly ip: Ipv4; readonly port: number };
  /** What a web server answered, where one was asked. */
  readonly http?: HttpResponse;
}

/** What a client wants to reach. */
export interface Destination {
  readonly ip: Ipv4;
  /** Where a name has several addresses: all of them, `ip` included. The server shuffles them, and a client takes the
   *  first. */
  readonly ips?: readonly Ipv4[];
  /** Where a client knows a Service's endpoints: all of them, of which it takes one. */
  readonly choices?: readonly { readonly ip: Ipv4; readonly port: number }[];
  readonly port: number;
  readonly protocol: Protocol;
  /** The address is the API server's, and this is what it is asked for. */
  readonly tunnel?: Tunnel;
}

/** What a client knows by its name only: it asks its nameserver first. */
export interface NamedDestination {
  readonly lookup: LookupPlan;
  /** Where a program keeps answers: whose cache it is, and for how long, whatever their TTL. libc keeps none. */
  readonly cache?: { readonly owner: string; readonly keepUs: number };
  readonly port: number;
  readonly protocol: Protocol;
}

/** What a client cannot send anything to: it has no address and no name. */
export interface NoDestination {
  readonly nowhere: Pick<Verdict, "explanation"> & { readonly reason: Reason };
  readonly port: number;
  readonly protocol: Protocol;
}

export const INITIAL_TTL = 64;
const REQUEST_BYTES = 80;
const RESPONSE_BYTES = 1_180;
const DATAGRAM_BYTES = 40;
/** Behind the ICMP header. Source: ping(8), -s. */
const PING_BYTES = 56;

/** What is said on a connection, where it is HTTP. */
type Exchange = Pick<Connection, "request" | "response" | "hungUp" | "proxyLine">;

/** Sequence numbers and sizes of a connection's packets; relative numbers, as Wireshark shows them. */
export function clientPacket(
  tuple: Tuple,
  what: "SYN" | "ACK" | "request" | "FIN" | "lastACK" | "datagram",
  query?: DnsMessage,
  exchange: Exchange = {},
): Packet {
  const base = { ...tuple, ttl: INITIAL_TTL, mark: 0, seq: 0, ack: 0, payloadBytes: 0 };
  switch (what) {
    case "SYN":
      return { ...base, ...flags(tuple, "S") };
    case "ACK":
      return { ...base, ...flags(tuple, "."), seq: 1, ack: 1 };
    case "request":
      return { ...base, ...flags(tuple, "P."), seq: 1, ack: 1, ...requestPayload(exchange) };
    case "FIN":
      return { ...base, ...flags(tuple, "F."), ...bothSaid(1, exchange) };
    case "lastACK":
      return { ...base, ...flags(tuple, "."), ...bothSaid(2, exchange) };
    case "datagram":
      return { ...base, ...echoOf(tuple, "request"), ...datagramPayload("datagram", query, tuple) };
  }
}

/** `tuple` runs from the server to the client; `payload` is what a server says that speaks no HTTP. */
export function serverPacket(
  tuple: Tuple,
  what: "SYN-ACK" | "response" | "FIN-ACK" | "RST" | "answer",
  payload = "",
  reply?: DnsMessage,
  exchange: Exchange = {},
): Packet {
  const base = { ...tuple, ttl: INITIAL_TTL, mark: 0, seq: 0, ack: 0, payloadBytes: 0 };
  switch (what) {
    case "SYN-ACK":
      return { ...base, ...flags(tuple, "S."), ack: 1 };
    case "response":
      return {
        ...base,
        ...flags(tuple, "P."),
        seq: 1,
        ack: 1 + requestPayload(exchange).payloadBytes,
        ...responsePayload(exchange, payload),
      };
    case "FIN-ACK":
      return {
        ...base,
        ...flags(tuple, "F."),
        seq: 1 + responsePayload(exchange, payload).payloadBytes,
        ack: 2 + requestPayload(exchange).payloadBytes,
      };
    case "RST":
      return { ...base, ...flags(tuple, "R."), ack: 1 };
    case "answer":
      return { ...base, ...echoOf(tuple, "reply"), ...datagramPayload(payload, reply, tuple) };
  }
}

/** The client's numbers when everything has been said, and so many of SYN and FIN. */
function bothSaid(ends: number, exchange: Exchange): Pick<Packet, "seq" | "ack"> {
  const { payloadBytes: asked } = requestPayload(exchange);
  const { payloadBytes: answered } = responsePayload(exchange, "");
  return { seq: ends + asked, ack: ends + answered };
}

type TcpPayload = Pick<Packet, "payload" | "payloadBytes" | "http">;

function requestPayload({ request, hungUp, proxyLine }: Exchange): TcpPayload {
  if (hungUp) return { payloadBytes: 0 };
  if (proxyLine !== undefined)
    return behindProxyLine(proxyLine, requestPayload({ ...(request && { request }) }));
  if (!request) return { payloadBytes: REQUEST_BYTES, payload: "GET / HTTP/1.1" };
  const payload = requestLine(request);
  const http: HttpPart = { headers: requestHeaders(request) };
  const payloadBytes = Math.max(REQUEST_BYTES, requestBytes(payload, http));
  return { payloadBytes, payload, ...(http.headers.length > 0 && { http }) };
}

function behindProxyLine(line: string, message: TcpPayload): TcpPayload {
  const { payload, payloadBytes, http } = message;
  return {
    payload: line,
    payloadBytes: `${line}\r\n`.length + payloadBytes,
    http: { ...(payload !== undefined && { startLine: payload }), headers: http?.headers ?? [] },
  };
}

function responsePayload({ response, hungUp }: Exchange, otherwise: string): TcpPayload {
  if (hungUp) return { payloadBytes: 0 };
  if (!response) return { payloadBytes: RESPONSE_BYTES, payload: otherwise };
  const payload = statusLine(response);
  const { headers = [], body } = response;
  if (body !== undefined) {
    const http = { headers, body };
    return { payloadBytes: responseBytes(payload, http), payload, http };
  }
  return {
    payloadBytes: RESPONSE_BYTES,
    payload,
    ...(headers.length > 0 && { http: { headers } }),
  };
}

function datagramPayload(payload: string, dns: DnsMessage | undefined, { protocol }: Tuple) {
  if (dns)
    return { payloadBytes: dnsMessageBytes(dns).length, payload: formatDnsMessage(dns), dns };
  return protocol === "icmp"
    ? { payloadBytes: PING_BYTES }
    : { payloadBytes: DATAGRAM_BYTES, payload };
}

function echoOf({ protocol }: Tuple, echo: "request" | "reply"): Pick<Packet, "echo"> {
  return protocol === "icmp" ? { echo } : {};
}

function flags(tuple: Tuple, value: TcpFlags): { flags?: TcpFlags } {
  return tuple.protocol === "tcp" ? { flags: value } : {};
}
