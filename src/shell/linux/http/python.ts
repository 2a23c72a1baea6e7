import { formatTimestamp } from "../../../core/sim/time";
import { resolvePath } from "../../files";
import { hint } from "../../hint";
import { Interrupted } from "../../interrupt";
import { fail, type Process, type Program, print } from "../../process";
import { netnsIdOf } from "../network";
import { type RunningServer, serversOf } from "./servers";

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
  const listener = { protocol: "tcp", port, owner: netns, program: "http" } as const;
  const opened = cluster.execute({ type: "listen", netns, listener, open: true });
  if (!opened.ok) {
    const traceback =
      'Traceback (most recent call last):\n  File "/usr/lib/python3.11/socketserver.py", line 456, in __init__';
    return fail(process, `${traceback}\nOSError: [Errno 98] Address already in use`);
  }
  const server = serverAt(process, netns, port, isOld);
  serversOf(process.system).push(server);
  try {
    await print(
      process,
      isOld
        ? `Serving HTTP on 0.0.0.0 port ${port} ...`
        : `Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...`,
    );
    await cluster.until(() => false, { interrupt });
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown;
    return thrown.signal === "SIGINT" ? 0 : thrown.exitCode;
  } finally {
    const servers = serversOf(process.system);
    servers.splice(servers.indexOf(server), 1);
    cluster.execute({ type: "listen", netns, listener, open: false });
  }
};

function serverAt(process: Process, netns: string, port: number, isOld: boolean): RunningServer {
  return {
    netns,
    port,
    process,
    answer: async (given, client) => {
      const path = resolvePath(process.cwd, `.${given.split("?")[0]}`);
      const { files } = process;
      const index = files.read(`${path === "/" ? "" : path}/index.html`);
      const read = files.isFolder(path) ? index : files.read(path);
      const status = read.ok || files.isFolder(path) ? 200 : 404;
      const body = read.ok
        ? read.value
        : status === 200
          ? listing(given, files.list(path), isOld)
          : notFound();
      await log(process, client, status, given);
      return { status, body };
    },
  };
}

async function log(process: Process, client: string, status: number, path: string): Promise<void> {
  const [date = "", clock = ""] = formatTimestamp(process.cluster.nowUs)
    .replace("Z", "")
    .split("T");
  const [year, month, day] = date.split("-");
  const name = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[Number(month) - 1];
  const stamp = `${client} - - [${day}/${name}/${year} ${clock}]`;
  if (status === 404) await process.stderr.write(`${stamp} code 404, message File not found\n`);
  await process.stderr.write(`${stamp} "GET ${path} HTTP/1.1" ${status} -\n`);
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
