import type { Process, System } from "../../process";

/** A server that somebody started in a terminal. */
export interface RunningServer {
  readonly netns: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  readonly process: Process;
  answer(path: string): ServerAnswer;
  /** Those that keep a connection to it open. */
  readonly clients?: Set<object>;
}

export type ServerAnswer =
  | { readonly kind: "http"; readonly status: number; readonly body: string }
  /** What it says whatever it is asked; nothing: it closes the connection. */
  | { readonly kind: "text"; readonly text: string };

const running = new WeakMap<System, RunningServer[]>();

/** Those of one run. */
export function serversOf(system: System): RunningServer[] {
  const known = running.get(system) ?? [];
  running.set(system, known);
  return known;
}

export function findServer(
  system: System,
  netns: string,
  port: number,
  protocol: "tcp" | "udp" = "tcp",
): RunningServer | undefined {
  return serversOf(system).find(
    (one) => one.netns === netns && one.port === port && one.protocol === protocol,
  );
}

/** Opens the socket, serves as long as `run` takes, and closes it. False: the port is taken. */
export async function serve(server: RunningServer, run: () => Promise<void>): Promise<boolean> {
  const { netns, port, protocol, process } = server;
  const { cluster, system } = process;
  const listener = {
    protocol,
    port,
    owner: netns,
    program: protocol === "udp" ? "echo" : "http",
  } as const;
  if (!cluster.execute({ type: "listen", netns, listener, open: true }).ok) return false;
  serversOf(system).push(server);
  try {
    await run();
  } finally {
    const servers = serversOf(system);
    servers.splice(servers.indexOf(server), 1);
    cluster.execute({ type: "listen", netns, listener, open: false });
  }
  return true;
}
