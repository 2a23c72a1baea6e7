import type { Journey } from "../../../core/cluster/connection";
import type { World } from "../../../core/cluster/world";
import type { Listener } from "../../../core/dataplane/netns";
import { reasonOf } from "../../../core/net/http-message";
import { formatIpv4 } from "../../../core/net/ipv4";
import { imageName } from "../../../core/programs/images";
import { formatTimestamp } from "../../../core/sim/time";
import type { Process } from "../../process";
import { findServer } from "./servers";
import type { Url } from "./url";

export interface Response {
  /** `HTTP/1.0` of servers that are old. */
  readonly version: "HTTP/1.1" | "HTTP/1.0";
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** What a server that was reached answers. `empty`: it speaks something else and closes the connection. */
export async function responseOf(
  process: Process,
  journey: Journey,
  url: Url,
  requestHead: string,
): Promise<Response | "empty"> {
  const { world } = process.cluster;
  const { server = "", serverSeesSrcIp = 0, serverLocal } = journey.outcome ?? {};
  const port = serverLocal?.port ?? 0;
  const client = `${formatIpv4(serverSeesSrcIp)}:${clientPort(journey)}`;
  const started = findServer(process.system, server, port);
  if (started) {
    const answer = started.answer(url.path);
    if (answer.kind === "text") return parseResponse(world, answer.text);
    const { status, body } = answer;
    const type = status === 404 ? "text/html;charset=utf-8" : "text/html; charset=utf-8";
    const python = started.process.args.includes("SimpleHTTPServer") ? "2.7.18" : "3.11.2";
    const page = response(world, status, type, body, `SimpleHTTP/0.6 Python/${python}`);
    const reason = status === 404 ? "File not found" : page.reason;
    return { ...page, version: "HTTP/1.0", reason };
  }
  const { http } = journey.outcome ?? {};
  if (http?.body !== undefined) {
    const type = headerOf(http.headers, "Content-Type") ?? "text/plain";
    return response(world, http.status, type, http.body, headerOf(http.headers, "Server"));
  }
  const listener = findListener(world, server, port);
  if (listener?.program === "dns") return "empty";
  if (listener?.program === "kubelet")
    return response(world, 400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n");
  if (listener?.program === "healthz") return response(world, 200, "application/json", "{}\n");
  const asked = withForwarded(requestHead, journey);
  return bodyOf(world, server, { client, url, requestHead: asked, local: serverLocal?.ip ?? 0 });
}

/** What somebody typed or piped as an answer. */
function parseResponse(world: World, text: string): Response | "empty" {
  const [head = "", ...body] = text.split(/\r?\n\r?\n/);
  const [first = "", ...lines] = head.split(/\r?\n/);
  const [, status, reason = ""] = /^HTTP\/\d\.\d (\d{3}) ?(.*)$/.exec(first) ?? [];
  if (status === undefined) return "empty";
  const headers = lines.flatMap((line) => {
    const at = line.indexOf(":");
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()] as const];
  });
  const plain = response(world, Number(status), "text/plain", body.join("\n\n"));
  return { ...plain, reason, headers };
}

function headerOf(headers: readonly string[] = [], name: string): string | undefined {
  return headers.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
}

/** The request as the server saw it: gateways on the way have added lines. */
function withForwarded(requestHead: string, { hops }: Journey): string {
  const asked = hops.filter(
    ({ direction, role }) => direction === "original" && role === "request",
  );
  const added = (asked.at(-1)?.after.http?.headers ?? []).filter(
    (line) => !line.startsWith("Host: "),
  );
  return requestHead.replace(/\r\n\r\n$/, ["", ...added, "", ""].join("\r\n"));
}

/** The client's port, as the server saw it. */
function clientPort({ hops }: Journey): number {
  const sent = hops.filter(({ direction, role }) => direction === "original" && role === "request");
  return sent.at(-1)?.after.sport ?? 0;
}

function findListener(world: World, owner: string, port: number): Listener | undefined {
  for (const { listeners } of world.plane.all())
    for (const one of listeners)
      if (one.owner === owner && one.port === port && one.protocol === "tcp") return one;
  return undefined;
}

interface Request {
  readonly client: string;
  readonly url: Url;
  readonly requestHead: string;
  readonly local: number;
}

/** Pages are short forms of what the real programs serve, with the facts that they tell of the request. */
function bodyOf(
  world: World,
  server: string,
  { client, url, requestHead, local }: Request,
): Response {
  const [kind, namespace = "", name = ""] = server.split("/");
  const pod = kind === "pod" ? world.store.find("Pod", namespace, name) : undefined;
  const container = pod?.spec.containers[0];
  const program = imageName(container?.image ?? "");
  const path = url.path.split("?")[0] ?? "/";
  if (program.startsWith("kuard")) {
    if (path === "/ready" || path === "/healthy") return response(world, 200, "text/plain", "ok");
    if (path !== "/")
      return response(world, 404, "text/plain; charset=utf-8", "404 page not found\n");
    const version = /:([^:@/]+)(?:@|$)/.exec(container?.image ?? "")?.[1] ?? "latest";
    const context = {
      hostname: name,
      addrs: [formatIpv4(local)],
      version,
      requestDump: requestHead,
      requestProto: "HTTP/1.1",
      requestAddr: client,
    };
    return response(
      world,
      200,
      "text/html",
      `<!doctype html>\n<html>\n<head><title>KUAR Demo</title></head>\n<body>\n<script>var pageContext = ${JSON.stringify(context)}</script>\n</body>\n</html>\n`,
    );
  }
  if (/^nginx/.test(program)) {
    const found = path === "/" || path === "/index.html";
    const title = found ? "Welcome to nginx!" : "404 Not Found";
    return response(
      world,
      found ? 200 : 404,
      "text/html",
      `<html>\n<head><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n</body>\n</html>\n`,
      "nginx/1.27.3",
    );
  }
  if (/^serve[_-]hostname/.test(program))
    return response(world, 200, "text/plain; charset=utf-8", `${name}\n`);
  if (program === "whoami")
    return response(
      world,
      200,
      "text/plain; charset=utf-8",
      `Hostname: ${name}\nIP: 127.0.0.1\nIP: ${formatIpv4(local)}\nRemoteAddr: ${client}\n${requestHead.replaceAll("\r", "")}\n`,
    );
  const who = kind === "pod" ? name : server.slice(server.indexOf("/") + 1);
  return response(world, 200, "text/plain", `${who}: ${formatIpv4(local)} answers ${client}\n`);
}

/** Servers that say what they are tell the date next; Go's tell what it is first. */
function response(
  world: World,
  status: number,
  type: string,
  body: string,
  server?: string,
): Response {
  const date = ["Date", httpDate(world.nowUs)] as const;
  return {
    version: "HTTP/1.1",
    status,
    reason: reasonOf(status),
    headers: [
      ...(server === undefined ? [] : [["Server", server] as const, date]),
      ["Content-Type", type],
      ...(server === undefined ? [date] : []),
      ["Content-Length", String(body.length)],
    ],
    body,
  };
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const DAYS = "Thu Fri Sat Sun Mon Tue Wed".split(" ");

function httpDate(nowUs: number): string {
  const [, year, month, day, clock] =
    /^(\d+)-(\d+)-(\d+)T([\d:]+)Z$/.exec(formatTimestamp(nowUs)) ?? [];
  const weekday = DAYS[Math.floor(nowUs / 86_400_000_000) % 7];
  return `${weekday}, ${day} ${MONTHS[Number(month) - 1]} ${year} ${clock} GMT`;
}
