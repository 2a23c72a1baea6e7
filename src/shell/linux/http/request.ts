import { type HttpOptions, httpOptionsError } from "../../../core/net/http-message";

/** A request's head as it is sent: for packets, and for listeners who print what they are sent. */
export function spoken(head: string): { readonly http: HttpOptions; readonly says: string } {
  return { http: httpOf(head), says: head };
}

/** What a head asks for, as packets carry it; what is not HTTP as it should be is left out. */
function httpOf(head: string): HttpOptions {
  const [first = "", ...lines] = head.split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const host = lines.map((line) => /^host:\s*(\S+)\s*$/i.exec(line)?.[1]).find(Boolean);
  const all = { method, path, ...(host && { host }) };
  const good = Object.entries(all).filter(([name, value]) => isGood(name, value));
  return Object.fromEntries(good);
}

export function hasHost(headers: readonly string[] = []): boolean {
  return headers.some((line) => /^host:/i.test(line));
}

function isGood(name: string, value: string): boolean {
  return httpOptionsError({ [name]: value }) === "";
}
