import { SECOND } from "../../../core/sim/time";
import { resolvePath } from "../../files";
import { hint } from "../../hint";
import { gnuError, type ParsedOptions, parseOptions } from "../../options";
import { fail, type Process, type Program } from "../../process";
import { errnoWords, reach, SYN_TIMEOUT_US } from "../connect/reach";
import { hasHost, spoken } from "./request";
import { type Response, responseOf } from "./response";
import { parseUrl, type Url } from "./url";

const OPTIONS = {
  quiet: { short: "q" },
  "output-document": { short: "O", value: true },
  timeout: { short: "T", value: true },
  spider: {},
  "server-response": { short: "S" },
  continue: { short: "c" },
  header: { value: true },
  "post-data": { value: true },
  "user-agent": { short: "U", value: true },
  "directory-prefix": { short: "P", value: true },
} as const;

/** Busybox's wget, of Alpine images. */
export const busyboxWget: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, OPTIONS);
  const [text] = rest;
  if (error || text === undefined)
    return fail(process, `${error ? `${gnuError("wget", error)}\n` : ""}${USAGE}`);
  const url = parseUrl(text);
  if ("error" in url)
    return fail(
      process,
      url.error === "scheme"
        ? `wget: not an http or ftp url: ${text}`
        : `wget: bad address '${text}'`,
    );
  const given = Number(values.timeout?.at(-1) ?? 0);
  const patienceUs = given > 0 ? given * SECOND : SYN_TIMEOUT_US;
  const attempt = await reach(process, url.host, url.port, {
    patienceUs,
    ...(url.scheme === "http" && spoken(requestHead(url, values))),
  });
  const isQuiet = values.quiet !== undefined;
  if (attempt.kind === "noName") return fail(process, `wget: bad address '${url.authority}'`);
  if (!isQuiet)
    await process.stderr.write(`Connecting to ${url.authority} (${attempt.ip}:${url.port})\n`);
  if (attempt.kind === "failed")
    return fail(
      process,
      `wget: ${attempt.errno === "ECONNRESET" ? "error getting response" : `can't connect to remote host (${attempt.ip})`}: ${errnoWords(attempt.errno, true)}`,
    );
  if (attempt.kind === "silent")
    return fail(
      process,
      given > 0
        ? "wget: download timed out"
        : `wget: can't connect to remote host (${attempt.ip}): ${errnoWords("ETIMEDOUT", true)}`,
    );
  if (url.scheme === "https") {
    await hint(process, "TLS is not modelled here: the connection was made, nothing was asked");
    return 1;
  }
  const response = await responseOf(process, attempt.journey, url, requestHead(url, values));
  if (response === "empty") return fail(process, "wget: error getting response");
  if (values["server-response"])
    await process.stderr.write(
      `  ${response.version} ${response.status} ${response.reason}\n${response.headers.map(([name, value]) => `  ${name}: ${value}\n`).join("")}`,
    );
  if (response.status >= 400)
    return fail(
      process,
      `wget: server returned error: ${response.version} ${response.status} ${response.reason}`,
    );
  if (values.spider) {
    if (!isQuiet) await process.stderr.write("remote file exists\n");
    return 0;
  }
  return save(process, url, response, values, isQuiet);
};

const USAGE = `Usage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]
	[--post-data STR | --post-file FILE] [-Y on/off]
	[-P DIR] [-U AGENT] [-T SEC] URL...`;

function requestHead(url: Url, values: ParsedOptions["values"]): string {
  return [
    `GET ${url.path} HTTP/1.1`,
    ...(hasHost(values.header) ? [] : [`Host: ${url.authority}`]),
    `User-Agent: ${values["user-agent"]?.at(-1) ?? "Wget"}`,
    "Connection: close",
    ...(values.header ?? []),
    "",
    "",
  ].join("\r\n");
}

async function save(
  process: Process,
  url: Url,
  response: Response,
  values: ParsedOptions["values"],
  isQuiet: boolean,
): Promise<number> {
  const given = values["output-document"]?.at(-1);
  const name = given ?? fileName(url);
  if (name === "-") {
    if (!isQuiet) await process.stderr.write("writing to stdout\n");
    await process.stdout.write(response.body);
    if (!isQuiet)
      await process.stderr.write(`${progress("-", response.body.length)}\nwritten to stdout\n`);
    return 0;
  }
  const path = resolvePath(process.cwd, name);
  if (given === undefined && process.files.exists(path))
    return fail(process, `wget: can't open '${name}': File exists`);
  const written = process.files.write(path, response.body);
  if (!written.ok) return fail(process, `wget: can't open '${name}': ${written.error}`);
  if (!isQuiet)
    await process.stderr.write(
      `saving to '${name}'\n${progress(name, response.body.length)}\n'${name}' saved\n`,
    );
  return 0;
}

export function fileName(url: Url): string {
  return url.path.split("?")[0]?.split("/").at(-1) || "index.html";
}

/** The bar as it stands at the end. Source: busybox libbb/progress.c. */
function progress(name: string, bytes: number): string {
  return `${name.padEnd(20).slice(0, 20)} 100% |${"*".repeat(32)}| ${String(bytes).padStart(5)}  0:00:00 ETA`;
}
