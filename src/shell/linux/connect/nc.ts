import { SECOND } from "../../../core/sim/time";
import { hint } from "../../hint";
import { gnuError, parseOptions } from "../../options";
import { fail, type Process, type Program, print } from "../../process";
import { readAll, readLines } from "../../streams";
import { responseOf } from "../http/response";
import { findServer, type RunningServer } from "../http/servers";
import { isBusybox } from "../network";
import { listen } from "./nc-listen";
import { type Attempt, errnoWords, reach, SYN_TIMEOUT_US } from "./reach";

const OPTIONS = {
  z: {},
  v: {},
  n: {},
  u: {},
  l: {},
  k: {},
  N: {},
  w: { value: true },
  p: { value: true },
  q: { value: true },
  e: { value: true },
} as const;

/** Busybox's nc, or the OpenBSD one of Debian. */
export const nc: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, OPTIONS);
  if (error) return fail(process, gnuError("nc", error));
  if (values.e) {
    await hint(process, "nc -e is not modelled here");
    return 1;
  }
  if (values.l)
    return listen(process, values.p?.at(-1) ?? rest.at(-1), {
      udp: values.u !== undefined,
      keeps: values.k !== undefined,
      verbose: values.v !== undefined,
    });
  const [host, portText] = rest;
  const port = Number(portText);
  if (host === undefined || portText === undefined)
    return fail(
      process,
      isBusybox(process)
        ? "BusyBox v1.36.1 multi-call binary.\n\nUsage: nc [OPTIONS] HOST PORT"
        : "usage: nc [-46CDdFhklNnrStUuvZz] [destination] [port]",
    );
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return fail(
      process,
      isBusybox(process) ? `nc: bad port '${portText}'` : `nc: port number invalid: ${portText}`,
    );
  const waitUs = values.w ? Number(values.w.at(-1)) * SECOND : undefined;
  const udp = values.u !== undefined;
  const isTyping = !values.z && !udp && process.stdin.isTerminal;
  const asked = values.z || process.stdin.isTerminal ? "" : await readAll(process.stdin);
  const attempt = await reach(process, host, port, {
    udp,
    says: asked,
    handshakeOnly: values.z !== undefined || isTyping,
    patienceUs: waitUs ?? (udp ? 2 * SECOND : SYN_TIMEOUT_US),
  });
  if (attempt.kind !== "answered" && !(udp && attempt.kind === "silent"))
    return isBusybox(process)
      ? busyboxFailure(process, host, port, attempt)
      : debianFailure(process, host, port, attempt, values.v !== undefined);
  if (values.v)
    await process.stderr.write(
      isBusybox(process)
        ? `${host} (${attempt.ip}:${port}) open\n`
        : `Connection to ${host}${host === attempt.ip ? "" : ` (${attempt.ip})`} ${port} port [${udp ? "udp" : "tcp"}/*] succeeded!\n`,
    );
  if (values.z || attempt.kind !== "answered") return 0;
  const { server = "", serverLocal } = attempt.journey.outcome ?? {};
  const listener = findServer(process.system, server, serverLocal?.port ?? 0, udp ? "udp" : "tcp");
  if (isTyping) return talk(process, attempt.ip, port, listener);
  if (listener && /^nc$/.test(listener.process.name)) {
    const answer = listener.answer("/");
    if (answer.kind === "text") await process.stdout.write(answer.text);
    return 0;
  }
  const path = /^(?:GET|HEAD|POST) (\S+)/.exec(asked)?.[1];
  if (path === undefined) return 0;
  const url = { scheme: "http", host, port, authority: host, path } as const;
  const response = await responseOf(process, attempt.journey, url, asked);
  if (response === "empty") return 0;
  await print(process, `HTTP/1.1 ${response.status} ${response.reason}\r`);
  for (const [name, value] of response.headers) await print(process, `${name}: ${value}\r`);
  await process.stdout.write(`\r\n${response.body}`);
  return 0;
};

/** What is typed goes over line by line until Ctrl-D. Simplified: each line on a connection of its own. */
async function talk(
  process: Process,
  ip: string,
  port: number,
  listener: RunningServer | undefined,
): Promise<number> {
  const client = {};
  listener?.clients?.add(client);
  try {
    for await (const line of readLines(process.stdin)) {
      const sent = await reach(process, ip, port, { says: `${line}\n` });
      if (sent.kind !== "answered") return 1;
      const answer = listener?.answer("/");
      if (answer?.kind === "text") await process.stdout.write(answer.text);
    }
    return 0;
  } finally {
    listener?.clients?.delete(client);
  }
}

function busyboxFailure(
  process: Process,
  host: string,
  port: number,
  attempt: Attempt,
): Promise<number> {
  if (attempt.kind === "noName") return fail(process, `nc: bad address '${host}'`);
  const why = attempt.kind === "failed" ? errnoWords(attempt.errno, true) : undefined;
  return fail(
    process,
    why === undefined
      ? `nc: ${host} (${attempt.ip}:${port}): Operation timed out`
      : `nc: ${host} (${attempt.ip}:${port}): ${why}`,
  );
}

async function debianFailure(
  process: Process,
  host: string,
  port: number,
  attempt: Attempt,
  verbose: boolean,
): Promise<number> {
  if (attempt.kind === "noName")
    return fail(
      process,
      `nc: getaddrinfo for host "${host}" port ${port}: ${attempt.reason === "noServer" ? "Temporary failure in name resolution" : "Name or service not known"}`,
    );
  if (!verbose) return 1;
  const why =
    attempt.kind === "failed" ? errnoWords(attempt.errno, false) : errnoWords("ETIMEDOUT", false);
  return fail(
    process,
    `nc: connect to ${host} ${host === attempt.ip ? "" : `(${attempt.ip}) `}port ${port} (tcp) ${attempt.kind === "failed" ? "failed" : "timed out"}: ${why}`.replace(
      "timed out: Connection timed out",
      "timed out: Operation now in progress",
    ),
  );
}
