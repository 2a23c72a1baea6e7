import { formatTimestamp } from "../../../core/sim/time";
import { resolvePath } from "../../files";
import { hint } from "../../hint";
import { Interrupted } from "../../interrupt";
import { fail, type Process, type Program, print } from "../../process";
import { netnsIdOf } from "../network";
import { type Arrival, Arrivals } from "./arrivals";
import { type RunningServer, serve } from "./servers";

/** `python3 -m http.server [PORT]`, and `python -m SimpleHTTPServer [PORT]` of Python 2: a socket that really listens. */
export const python: Program = async (process) => {
  const [flag, module, given] = process.args.filter((word) => word !== "-u");
  if (flag === "--version" || flag === "-V") {
    await print(process, "Python 3.11.2");
    return 0;
  }
  const isOld = module === "SimpleHTTPServer";
  if (flag !== "-m" || !(isOld || module === "http.server")) {
    await hint(process, `${process.name} runs http.server and SimpleHTTPServer here, nothing else`);
    return 1;
  }
  if (isOld && process.name === "python3")
    return fail(process, "/usr/bin/python3: No module named SimpleHTTPServer");
  const port = Number(given ?? 8_000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return fail(process, `server.py: error: argument port: invalid int value: '${given}'`, 2);
  const { cluster, interrupt } = process;
  const netns = netnsIdOf(process.place, cluster.world);
  if (netns === undefined) {
    await hint(process, "the laptop is outside the modelled network");
    return 1;
  }
  const arrivals = new Arrivals(cluster.world, netns, port);
  const server = serverAt(process, netns, port, isOld);
  let status = 0;
  const isOpen = await serve(server, async () => {
    await print(
      process,
      isOld
        ? `Serving HTTP on 0.0.0.0 port ${port} ...`
        : `Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...`,
    );
    try {
      for (;;) {
        await cluster.until(() => arrivals.isAny(cluster.world), { interrupt });
        for (const arrival of arrivals.take(cluster.world)) await log(server, arrival);
      }
    } catch (thrown) {
      if (!(thrown instanceof Interrupted)) throw thrown;
      if (thrown.signal === "SIGINT") await sayGoodbye(process, isOld);
      else status = thrown.exitCode;
    }
  });
  if (isOpen) return status;
  const traceback =
    'Traceback (most recent call last):\n  File "/usr/lib/python3.11/socketserver.py", line 456, in __init__';
  return fail(process, `${traceback}\nOSError: [Errno 98] Address already in use`);
};

/** Python 3 has a word for it; Python 2 dies of it. */
async function sayGoodbye({ stdout, stderr }: Process, isOld: boolean): Promise<void> {
  const { write } = isOld ? stderr : stdout;
  const text = isOld ? "KeyboardInterrupt\n" : "\nKeyboard interrupt received, exiting.\n";
  await write(text).catch(() => undefined);
}

function serverAt(process: Process, netns: string, port: number, isOld: boolean): RunningServer {
  return {
    netns,
    protocol: "tcp",
    port,
    process,
    answer: (given) => {
      const path = resolvePath(process.cwd, `.${given.split("?")[0]}`);
      const { files } = process;
      const index = files.read(`${path === "/" ? "" : path}/index.html`);
      const read = files.isFolder(path) ? index : files.read(path);
      if (read.ok) return { kind: "http", status: 200, body: read.value };
      return files.isFolder(path)
        ? { kind: "http", status: 200, body: listing(given, files.list(path), isOld) }
        : { kind: "http", status: 404, body: notFound() };
    },
  };
}

async function log(server: RunningServer, { client, line }: Arrival): Promise<void> {
  if (line === "") return;
  const { process } = server;
  const path = line.split(" ")[1] ?? "/";
  const answer = server.answer(path);
  const status = answer.kind === "http" ? answer.status : 200;
  const [date = "", clock = ""] = formatTimestamp(process.cluster.nowUs)
    .replace("Z", "")
    .split("T");
  const [year, month, day] = date.split("-");
  const name = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[Number(month) - 1];
  const stamp = `${client} - - [${day}/${name}/${year} ${clock}]`;
  if (status === 404) await process.stderr.write(`${stamp} code 404, message File not found\n`);
  await process.stderr.write(`${stamp} "${line}" ${status} -\n`);
}

function listing(path: string, names: readonly string[], isOld: boolean): string {
  const title = `Directory listing for ${path}`;
  const heading = isOld ? "h2" : "h1";
  const items = names.map((name) => `<li><a href="${name}">${name}</a></li>`);
  return [
    "<!DOCTYPE HTML>",
    "<html>",
    `<title>${title}</title>`,
    `<${heading}>${title}</${heading}>`,
    "<hr>",
    "<ul>",
    ...items,
    "</ul>",
    "<hr>",
    "</html>",
    "",
  ].join("\n");
}

function notFound(): string {
  return "<h1>Error response</h1>\n<p>Error code: 404</p>\n<p>Message: File not found.</p>\n";
}
