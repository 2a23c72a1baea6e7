import { formatTimestamp, SECOND } from "../../../core/sim/time";
import { resolvePath } from "../../files";
import { hint } from "../../hint";
import { gnuError, parseOptions } from "../../options";
import { fail, type Process, type Program } from "../../process";
import { errnoWords, reach, SYN_TIMEOUT_US } from "../connect/reach";
import { hasHost, spoken } from "./request";
import { responseOf } from "./response";
import { parseUrl } from "./url";
import { fileName } from "./wget";

const OPTIONS = {
  quiet: { short: "q" },
  "no-verbose": {},
  nv: {},
  "output-document": { short: "O", value: true },
  timeout: { short: "T", value: true },
  tries: { short: "t", value: true },
  spider: {},
  "server-response": { short: "S" },
  header: { value: true },
  "no-check-certificate": {},
} as const;

/** GNU Wget, of nodes and Debian images. Simplified: a connection that timed out is not tried again, as with `-t 1`. */
export const gnuWget: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, OPTIONS);
  if (error) return fail(process, `${gnuError("wget", error)}\n${USAGE}`, 2);
  const [text] = rest;
  if (text === undefined) return fail(process, `wget: missing URL\n${USAGE}`);
  const url = parseUrl(text);
  if ("error" in url)
    return fail(
      process,
      `${text}: ${url.error === "scheme" ? `Unsupported scheme ‘${url.scheme}’.` : "Invalid host name."}`,
    );
  const say = (words: string) => (values.quiet ? undefined : process.stderr.write(words));
  const full = `${url.scheme}://${url.authority}${url.path}`;
  await say(`--${stamp(process)}--  ${full}\n`);
  const given = Number(values.timeout?.at(-1) ?? 0);
  const headers = values.header ?? [];
  const head = [
    `GET ${url.path} HTTP/1.1`,
    ...(hasHost(headers) ? [] : [`Host: ${url.authority}`]),
    "User-Agent: Wget/1.21.3",
    "Accept: */*",
    ...headers,
    "",
    "",
  ].join("\r\n");
  const attempt = await reach(process, url.host, url.port, {
    patienceUs: given > 0 ? given * SECOND : SYN_TIMEOUT_US,
    ...(url.scheme === "http" && spoken(head)),
  });
  const isName = attempt.ip !== url.host;
  if (attempt.kind === "noName") {
    const why =
      attempt.reason === "noServer"
        ? "Temporary failure in name resolution."
        : "Name or service not known.";
    await say(`Resolving ${url.host} (${url.host})... failed: ${why}\n`);
    await say(`wget: unable to resolve host address ‘${url.host}’\n`);
    return 4;
  }
  if (isName) await say(`Resolving ${url.host} (${url.host})... ${attempt.ip}\n`);
  await say(
    `Connecting to ${url.host} (${url.host})${isName ? `|${attempt.ip}|` : ""}:${url.port}... `.replace(
      isName ? "" : ` (${url.host})`,
      "",
    ),
  );
  if (attempt.kind === "failed") {
    await say(`failed: ${errnoWords(attempt.errno, false)}.\n`);
    return 4;
  }
  if (attempt.kind === "silent") {
    await say(`failed: ${errnoWords("ETIMEDOUT", false)}.\n`);
    return 4;
  }
  await say("connected.\n");
  if (url.scheme === "https") {
    await hint(process, "TLS is not modelled here: the connection was made, nothing was asked");
    return 5;
  }
  const response = await responseOf(process, attempt.journey, url, head);
  if (response === "empty") {
    await say("HTTP request sent, awaiting response... No data received.\n");
    return 4;
  }
  await say(`HTTP request sent, awaiting response... ${response.status} ${response.reason}\n`);
  if (response.status >= 400) {
    await say(`${stamp(process)} ERROR ${response.status}: ${response.reason}.\n\n`);
    return 8;
  }
  const type = response.headers.find(([name]) => name === "Content-Type")?.[1]?.split(";")[0] ?? "";
  const size = response.body.length;
  await say(`Length: ${size} [${type}]\n`);
  const name = values["output-document"]?.at(-1) ?? freeName(process, fileName(url));
  if (values.spider) {
    await say("Remote file exists.\n\n");
    return 0;
  }
  if (name === "-") {
    await say("Saving to: ‘STDOUT’\n\n");
    await process.stdout.write(response.body);
    await say(`\n${stamp(process)} (1.00 MB/s) - written to stdout [${size}/${size}]\n\n`);
    return 0;
  }
  const written = process.files.write(resolvePath(process.cwd, name), response.body);
  if (!written.ok) return fail(process, `${name}: ${written.error}`, 3);
  await say(
    `Saving to: ‘${name}’\n\n${stamp(process)} (1.00 MB/s) - ‘${name}’ saved [${size}/${size}]\n\n`,
  );
  return 0;
};

const USAGE = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.";

function stamp(process: Process): string {
  return formatTimestamp(process.cluster.nowUs).replace("T", " ").replace("Z", "");
}

/** A file that is there already is not overwritten: `index.html.1`. */
function freeName(process: Process, name: string): string {
  let free = name;
  for (let i = 1; process.files.exists(resolvePath(process.cwd, free)); i++) free = `${name}.${i}`;
  return free;
}
