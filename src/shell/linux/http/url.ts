export interface Url {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  /** As the Host header has it. */
  readonly authority: string;
  /** With its query; begins with a slash. */
  readonly path: string;
}

/** What curl and wget make of their argument: without a scheme it is http. Undefined: not one of a host. */
export function parseUrl(
  text: string,
): Url | { readonly error: "scheme" | "malformed" | "port"; readonly scheme?: string } {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)([/?][^#]*)?(?:#.*)?$/i.exec(text);
  const scheme = (match?.[1] ?? "http").toLowerCase();
  if (!match) return { error: "malformed" };
  if (scheme !== "http" && scheme !== "https") return { error: "scheme", scheme };
  const authority = (match[2] ?? "").replace(/^[^@]*@/, "");
  const [, host = "", given] = /^([^:]*)(?::(.*))?$/.exec(authority) ?? [];
  if (host === "") return { error: "malformed" };
  const port =
    given === undefined || given === "" ? (scheme === "https" ? 443 : 80) : Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return { error: "port" };
  const rest = match[3] ?? "/";
  return { scheme, host, port, authority, path: rest.startsWith("/") ? rest : `/${rest}` };
}
