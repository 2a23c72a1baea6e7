import { dnsMessageBytes } from "../net/dns-message";
import type { HttpPart } from "../net/http-message";
import type { Packet } from "../net/packet";

type Payload = Partial<Pick<Packet, "payload" | "payloadBytes" | "dns" | "http">>;

const SPACE = 0x20;
const HTTP_START_LINE = /^HTTP\/1\.\d \d{3}[^\n]*$|^[A-Z]+ [^\n]* HTTP\/1\.\d$/;

/** The payload in its full size: a DNS message, HTTP as it is spoken, or the words it begins with. */
export function payloadBytes({
  payload = "",
  payloadBytes: size = 0,
  dns,
  http,
}: Payload): Uint8Array {
  if (dns) return dnsMessageBytes(dns);
  const text = textOf(payload, size, http);
  const bytes = new Uint8Array(size).fill(SPACE);
  for (let i = 0; i < size && i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function textOf(payload: string, size: number, http: HttpPart | undefined): string {
  if (http?.startLine === undefined)
    return HTTP_START_LINE.test(payload) ? httpMessage(payload, size, http) : payload;
  const before = `${payload}\r\n`;
  return before + httpMessage(http.startLine, size - before.length, http);
}

/** A whole HTTP message of that size; the last header, or the body, fills it up. */
function httpMessage(startLine: string, size: number, http: HttpPart | undefined): string {
  return startLine.startsWith("HTTP/")
    ? response(startLine, size, http)
    : request(startLine, size, http);
}

const END_OF_HEAD = "\r\n\r\n";

function request(startLine: string, size: number, http: HttpPart | undefined): string {
  const { headers = [] } = http ?? {};
  const host = headers.some((line) => line.startsWith("Host: ")) ? [] : ["Host: kubehop"];
  const lines = [startLine, ...host, ...headers, "Accept: */*", "User-Agent: kubehop"];
  return lines.join("\r\n").padEnd(size - END_OF_HEAD.length) + END_OF_HEAD;
}

/** Bytes of a request with these headers. */
export function requestBytes(startLine: string, http: HttpPart): number {
  return request(startLine, 0, http).length;
}

/** Bytes of a response whose body is known. */
export function responseBytes(
  startLine: string,
  http: HttpPart & { readonly body: string },
): number {
  return responseHead(startLine, http, String(http.body.length)).length + http.body.length;
}

function responseHead(startLine: string, http: HttpPart | undefined, length: string): string {
  const { headers = [] } = http ?? {};
  const type = headers.some((line) => line.startsWith("Content-Type: "))
    ? []
    : ["Content-Type: text/plain"];
  const lines = [startLine, ...headers, ...type, "Connection: close", `Content-Length: ${length}`];
  return lines.join("\r\n") + END_OF_HEAD;
}

const BODY_LINE = "Simulated by kubehop.\n";

function response(startLine: string, size: number, http: HttpPart | undefined): string {
  if (http?.body !== undefined)
    return responseHead(startLine, http, String(http.body.length)) + http.body;
  const room = Math.max(1, size - responseHead(startLine, http, "").length);
  // The length's own digits count, too.
  const digits = String(room).length;
  const length = Math.max(0, room - digits);
  const body = BODY_LINE.repeat(Math.ceil(length / BODY_LINE.length)).slice(0, length);
  return responseHead(startLine, http, String(length).padStart(digits, "0")) + body;
}
