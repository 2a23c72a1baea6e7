/** What a client asks a web server for. */
export interface HttpRequest {
  readonly method: string;
  /** With its query; begins with a slash. */
  readonly path: string;
  /** As the Host header has it, a port included; absent: none in particular. */
  readonly host?: string;
  /** Further header lines, such as `X-Forwarded-For: 10.244.1.1`. */
  readonly headers?: readonly string[];
}

export interface HttpResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers?: readonly string[];
  /** Absent: a page of the usual size, of which nothing is known. */
  readonly body?: string;
}

/** What a person or a program says of a request; the rest is the usual. */
export type HttpOptions = Partial<Pick<HttpRequest, "host" | "path" | "method">>;

/** The lines behind an HTTP message's first one. */
export interface HttpPart {
  /** Where another protocol's line goes before the message: the message's own first line. */
  readonly startLine?: string;
  readonly headers: readonly string[];
  readonly body?: string;
}

export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Source: RFC 1035, section 2.3.4, and a port. */
const MAX_HOST = 253 + 6;
const MAX_PATH = 2_000;

const HOST = /^[A-Za-z0-9._-]+(:\d{1,5})?$/;
/** Printable ASCII without blanks: what a request line can carry. */
const PATH = /^\/[!-~]*$/;

/** What is wrong with them, for people; empty when nothing. Takes anything. */
export function httpOptionsError(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "not an object";
  for (const [name, given] of Object.entries(value)) {
    if (typeof given !== "string") return `${name} must be text`;
    if (name === "host") {
      if (given.length > MAX_HOST || !HOST.test(given))
        return `"${clip(given)}" is not a host name`;
    } else if (name === "path") {
      if (given.length > MAX_PATH || !PATH.test(given))
        return `"${clip(given)}" is not a path: it begins with "/" and has no blanks`;
    } else if (name === "method") {
      if (!(METHODS as readonly string[]).includes(given))
        return `"${clip(given)}" is not a method: use ${METHODS.join(", ")}`;
    } else return `unknown field "${clip(name)}"`;
  }
  return "";
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** `shop.example.com/cart`, `http://shop.example.com`, `/cart` or `POST /cart`; undefined: none of these. */
export function parseHttpOptions(text: string): HttpOptions | undefined {
  const match = /^(?:([A-Z]+)\s+)?(?:http:\/\/)?([^/\s?#]*)([/?][^\s#]*)?$/.exec(text.trim());
  if (!match) return undefined;
  const [, method, host, rest] = match;
  const options = {
    ...(method && { method }),
    ...(host && { host }),
    ...(rest && { path: rest.startsWith("/") ? rest : `/${rest}` }),
  };
  return httpOptionsError(options) === "" ? options : undefined;
}

/** The text that is read as these. */
export function formatHttpOptions({ host = "", path = "", method }: HttpOptions): string {
  const url = host === "" && path === "" && method ? "/" : `${host}${path}`;
  return method && method !== "GET" ? `${method} ${url}` : url;
}

export function requestOf({ method = "GET", path = "/", host }: HttpOptions): HttpRequest {
  return { method, path, ...(host !== undefined && { host }) };
}

export function requestLine({ method, path }: Pick<HttpRequest, "method" | "path">): string {
  return `${method} ${path} HTTP/1.1`;
}

export function statusLine({ status, reason }: Pick<HttpResponse, "status" | "reason">): string {
  return `HTTP/1.1 ${status} ${reason}`;
}

/** Header lines of a request, Host first. */
export function requestHeaders({ host, headers = [] }: HttpRequest): readonly string[] {
  return [...(host === undefined ? [] : [`Host: ${host}`]), ...headers];
}

/** Source: RFC 9110, section 15. */
const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  404: "Not Found",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export function reasonOf(status: number): string {
  return REASONS[status] ?? "";
}
