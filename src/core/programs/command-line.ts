import type { Container } from "../api/types";
import type { ServedPort } from "../controllers/context";
import { parseIpv4 } from "../net/ipv4";

/** Where a program listens, in its own words: `:9090`, `127.0.0.1:9090`, `9090`. */
const ADDRESS = String.raw`(?<address>[\w.:*\[\]-]*:)?(?<port>\d{1,5})`;

/** Options by which programs of well-known images are told where to listen. */
const OPTIONS: readonly { readonly image: RegExp; readonly option: RegExp }[] = [
  { image: /^kuard(-|$)/, option: option("--address") },
  { image: /^http-echo$/, option: option("--?listen") },
  { image: /^whoami$/, option: option("--?port") },
];

/** Source: Python 3, http/server.py; Python 2, SimpleHTTPServer.py. */
const PYTHON = /(?:^|\s)python[\d.]*\s+(?:-u\s+)?-m\s+(?:http\.server|SimpleHTTPServer)(?<rest>.*)/;
const PYTHON_PORT = 8_000;

function option(name: string): RegExp {
  return new RegExp(String.raw`(?:^|\s)${name}(?:=|\s+)${ADDRESS}(?=\s|$)`);
}

/** The ports that a container's command line chooses; undefined where it says nothing of them, or we cannot tell. */
export function chosenPorts(
  image: string,
  container: Container,
): readonly ServedPort[] | undefined {
  const line = commandLine(container);
  if (line === "") return undefined;
  const python = PYTHON.exec(line);
  if (python) return [pythonServer(python.groups?.rest ?? "")];
  const known = OPTIONS.find((one) => one.image.test(image));
  const { address = "", port } = known?.option.exec(line)?.groups ?? {};
  return port === undefined ? undefined : served(Number(port), address.replace(/:$/, ""));
}

function pythonServer(rest: string): ServedPort {
  const bound = /(?:^|\s)(?:--bind|-b)(?:=|\s+)(?<address>\S+)/.exec(rest);
  const port = /(?:^|\s)(?<port>\d{1,5})(?=\s|$)/.exec(rest.replace(bound?.[0] ?? "", " "));
  const found = served(Number(port?.groups?.port ?? PYTHON_PORT), bound?.groups?.address ?? "");
  return found?.[0] ?? { protocol: "tcp", port: PYTHON_PORT, program: "http" };
}

function served(port: number, address: string): readonly ServedPort[] | undefined {
  if (port < 1 || port > 65_535) return undefined;
  const ip = address === "localhost" ? parseIpv4("127.0.0.1") : parseIpv4(address);
  const isAny = ip === undefined || ip === 0;
  return [{ protocol: "tcp", port, ...(!isAny && { ip }), program: "http" }];
}

/** Command and arguments, in one line, with `$(NAME)` replaced. */
export function commandLine(container: Container): string {
  const { command = [], args = [], env = [] } = container;
  const values = new Map(env.map(({ name, value }) => [name, value ?? ""]));
  return [...command, ...args].map((word) => expand(word, values)).join(" ");
}

/** Source: kubernetes, third_party/forked/golang/expansion: `$$(NAME)` stays as `$(NAME)`, an unknown name as it is. */
function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$(\$|\((?<name>[^()]+)\))/g, (found: string, kind: string) => {
    if (kind === "$") return "$";
    return values.get(kind.slice(1, -1)) ?? found;
  });
}
