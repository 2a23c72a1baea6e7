import type { Container, Pod } from "../../core/api/types";
import type { World } from "../../core/cluster/world";
import { formatIpv4 } from "../../core/net/ipv4";
import { imageName, servedPorts } from "../../core/programs/images";
import { formatTimestamp, parseTimestamp } from "../../core/sim/time";

export interface LogLine {
  readonly atUs: number;
  readonly timestamp: string;
  readonly text: string;
}

/** What a container's program has written since it started, as far as the run remembers its requests; or why there is
 *  nothing yet. Simplified: only kuard and web servers write, a line at their start and one for each request. */
export function podLog(
  world: World,
  pod: Pod,
  container: string,
): { readonly lines: readonly LogLine[] } | { readonly waiting: string } {
  const status = pod.status.containerStatuses?.find(({ name }) => name === container);
  const startedAtUs = parseTimestamp(status?.state.running?.startedAt);
  if (startedAtUs === undefined) {
    const ended = previousLog(world, pod, container);
    return ended
      ? { lines: ended }
      : { waiting: status?.state.waiting?.reason ?? "ContainerCreating" };
  }
  const spec = pod.spec.containers.find(({ name }) => name === container);
  const program = imageName(spec?.image ?? "");
  const lines = startLines(program, spec).map((text) => line(startedAtUs, text));
  if (pod.spec.containers[0]?.name !== container) return { lines };
  const me = `pod/${pod.metadata.namespace}/${pod.metadata.name}`;
  const probes = world.checks.map(({ journey }) => journey);
  for (const { outcome, hops, options } of [...world.journeys(), ...probes]) {
    const atUs = hops.at(-1)?.atUs ?? 0;
    if (outcome?.server !== me || outcome.serverSeesSrcIp === undefined || atUs < startedAtUs)
      continue;
    const client = formatIpv4(outcome.serverSeesSrcIp);
    const { path = "/" } = options.http ?? {};
    const text = requestLine(program, client, portOf(hops), formatTimestamp(atUs), path);
    if (text !== undefined && !options.hangUp) lines.push(line(atUs, text));
  }
  return { lines: lines.sort((a, b) => a.atUs - b.atUs) };
}

/** What a container wrote before it ended last; undefined where none has. */
export function previousLog(
  world: World,
  pod: Pod,
  container: string,
): readonly LogLine[] | undefined {
  const { namespace, name } = pod.metadata;
  const runtime = world.kubelets.pods.get(`${namespace}/${name}`);
  const index = pod.spec.containers.findIndex((one) => one.name === container);
  const end = runtime?.containers[index]?.lastEnd;
  return end?.output.map((text) => line(end.finishedAtUs, text));
}

function line(atUs: number, text: string): LogLine {
  return { atUs, timestamp: formatTimestamp(atUs), text };
}

/** The client's port as the server saw it. */
function portOf(
  hops: readonly { readonly after: { readonly sport: number }; readonly direction: string }[],
): number {
  const sent = hops.filter(({ direction }) => direction === "original");
  return sent.at(-1)?.after.sport ?? 0;
}

function startLines(program: string, container: Container | undefined): readonly string[] {
  const [first] = container ? servedPorts(container) : [];
  if (!program.startsWith("kuard") || !first) return [];
  const address = first.ip === undefined ? "" : formatIpv4(first.ip);
  return [`Serving on HTTP on ${address}:${first.port}`];
}

function requestLine(
  program: string,
  client: string,
  port: number,
  timestamp: string,
  path: string,
): string | undefined {
  if (program.startsWith("kuard")) return `${client}:${port} GET ${path}`;
  if (program !== "nginx") return undefined;
  const [date = "", clock = ""] = timestamp.replace("Z", "").split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  const name = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[Number(month) - 1];
  return `${client} - - [${day}/${name}/${year}:${clock} +0000] "GET ${path} HTTP/1.1" 200 615 "-" "-" "-"`;
}
