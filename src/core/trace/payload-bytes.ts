import { dnsMessageBytes } from "../net/dns-message";
import type { Packet } from "../net/packet";

type Payload = Partial<Pick<Packet, "payload" | "payloadBytes" | "dns">>;

const SPACE = 0x20;
const HTTP_START_LINE = /^HTTP\/1\.\d \d{3}[^\n]*$|^[A-Z]+ [^\n]* HTTP\/1\.\d$/;

/** The payload in its full size: a DNS message, HTTP as it is spoken, or the words it begins with. */
export function payloadBytes({ payload = "", payloadBytes: size = 0, dns }: Payload): Uint8Array {
  if (dns) return dnsMessageBytes(dns);
  const text = HTTP_START_LINE.test(payload) ? httpMessage(payload, size) : payload;
  const bytes = new Uint8Array(size).fill(SPACE);
  for (let i = 0; i < size && i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** A whole HTTP message of that size; the last header, or the body, fills it up. */
function httpMessage(startLine: string, size: number): string {
  return startLine.startsWith("HTTP/") ? response(startLine, size) : request(startLine, size);
}

const END_OF_HEAD = "\r\n\r\n";

function request(startLine: string, size: number): string {
  const head = `${startLine}\r\nHost: kubehop\r\nAccept: */*\r\nUser-Agent: kubehop`;
  return head.padEnd(size - END_OF_HEAD.length) + END_OF_HEAD;
}

const BODY_LINE = "Simulated by kubehop.\n";

function response(startLine: string, size: number): string {
  const head = `${startLine}\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: `;
  const room = Math.max(1, size - head.length - END_OF_HEAD.length);
  // The length's own digits count, too.
  const digits = String(room).length;
  const length = Math.max(0, room - digits);
  const body = BODY_LINE.repeat(Math.ceil(length / BODY_LINE.length)).slice(0, length);
  return `${head}${String(length).padStart(digits, "0")}${END_OF_HEAD}${body}`;
}
