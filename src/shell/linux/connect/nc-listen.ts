import { hint } from "../../hint";
import { fail, type Process } from "../../process";
import { readAll } from "../../streams";
import { type Arrival, Arrivals, textOf } from "../http/arrivals";
import { type RunningServer, serve } from "../http/servers";
import { isBusybox, netnsIdOf } from "../network";

interface ListenOptions {
  readonly udp: boolean;
  /** `-k`: for one connection after the other. */
  readonly keeps: boolean;
  readonly verbose: boolean;
}

/** `nc -l`: a socket that prints what it is sent, and says what it was given as input.
 *  Simplified: what is typed at it goes nowhere. */
export async function listen(
  process: Process,
  portText: string | undefined,
  options: ListenOptions,
): Promise<number> {
  const { cluster, interrupt, system } = process;
  const port = Number(portText);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return fail(
      process,
      isBusybox(process) ? `nc: bad port '${portText ?? ""}'` : "nc: missing port with option -l",
    );
  const netns = netnsIdOf(process.place, cluster.world);
  if (netns === undefined) {
    await hint(process, "the laptop is outside the modelled network");
    return 1;
  }
  const says = process.stdin.isTerminal ? "" : await readAll(process.stdin);
  const server: RunningServer = {
    netns,
    protocol: options.udp ? "udp" : "tcp",
    port,
    process: { ...process, name: "nc" },
    answer: () => ({ kind: "text", text: says }),
    clients: new Set(),
  };
  const arrivals = new Arrivals(cluster.world, netns, port);
  const isOpen = await serve(server, async () => {
    if (options.verbose)
      await process.stderr.write(
        isBusybox(process)
          ? `listening on 0.0.0.0:${port} ...\n`
          : `Listening on 0.0.0.0 ${port}\n`,
      );
    const isDone = () => !options.keeps && met > 0 && server.clients?.size === 0;
    let met = 0;
    for (;;) {
      await cluster.until(() => isDone() || arrivals.isAny(cluster.world), { interrupt });
      for (const arrival of arrivals.take(cluster.world)) {
        if (options.verbose) await greet(process, arrival, port);
        await process.stdout.write(textOf(system, arrival));
        met++;
        // The client has the rest of its handshake before it, and may stay.
        await cluster.until(() => isOver(process, arrival), { interrupt });
        await cluster.sleep(1, interrupt);
      }
      if (isDone() && !options.udp) return;
    }
  });
  if (isOpen) return 0;
  return fail(
    process,
    isBusybox(process) ? "nc: bind: Address in use" : "nc: Address already in use",
  );
}

function isOver({ cluster }: Process, { journey }: Arrival): boolean {
  return cluster.world.journey(journey.id).inFlight === 0;
}

function greet(process: Process, { client, clientPort }: Arrival, port: number): Promise<void> {
  return process.stderr.write(
    isBusybox(process)
      ? `connect to 0.0.0.0:${port} from ${client}:${clientPort} (${client}:${clientPort})\n`
      : `Connection received on ${client} ${clientPort}\n`,
  );
}
