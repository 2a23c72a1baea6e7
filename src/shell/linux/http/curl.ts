import { SECOND } from "../../../core/sim/time";
import { resolvePath } from "../../files";
import { hint } from "../../hint";
import { type ParsedOptions, parseOptions } from "../../options";
import { fail, type Process, type Program, print } from "../../process";
import { type Attempt, errnoWords, reach, SYN_TIMEOUT_US } from "../connect/reach";
import { CURL_OPTIONS, EXIT, NOT_MODELLED } from "./curl-options";
import { spoken } from "./request";
import { responseOf } from "./response";
import { parseUrl, type Url } from "./url";
import { writeOut } from "./write-out";

type Values = ParsedOptions["values"];

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information";

export const curl: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, CURL_OPTIONS);
  if (error) {
    const given =
      error.what === "unknown"
        ? `--${error.long}`
        : `-${error.what === "unknownShort" ? error.letter : (error.letter ?? error.name)}`;
    const words = error.what === "noValue" ? "requires parameter" : "is unknown";
    const status = await fail(process, `curl: option ${given}: ${words}\n${TRY}`, EXIT.initFailed);
    if (NOT_MODELLED.test(given)) await hint(process, `curl ${given} is not modelled here`);
    return status;
  }
  if (values.version) {
    await print(process, "curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1");
    return 0;
  }
  if (rest.length === 0) return fail(process, `curl: no URL specified!\n${TRY}`, EXIT.initFailed);
  let status = 0;
  for (const [index, text] of rest.entries()) status = await fetchOne(process, text, index, values);
  return status;
};

async function fetchOne(
  process: Process,
  text: string,
  index: number,
  values: Values,
): Promise<number> {
  const url = parseUrl(text);
  if ("error" in url) {
    if (url.error === "scheme")
      return complain(
        process,
        values,
        EXIT.unsupportedProtocol,
        `Protocol "${url.scheme}" not supported or disabled in libcurl`,
      );
    return complain(
      process,
      values,
      EXIT.malformedUrl,
      "URL using bad/illegal format or missing URL",
    );
  }
  const limitUs = seconds(values["max-time"]);
  const connectUs = seconds(values["connect-timeout"]);
  const patienceUs = Math.min(limitUs ?? Number.POSITIVE_INFINITY, connectUs ?? SYN_TIMEOUT_US);
  const attempt = await reach(process, url.host, url.port, {
    patienceUs,
    ...(url.scheme === "http" && spoken(requestHead(url, values))),
  });
  const code = await report(process, url, attempt, values, { limitUs, text, index });
  const format = values["write-out"]?.at(-1);
  if (format !== undefined && code !== undefined)
    await process.stdout.write(writeOut(format, { url: text, attempt, exitCode: code }));
  return code ?? 0;
}

interface Asked {
  readonly limitUs: number | undefined;
  readonly text: string;
  readonly index: number;
}

/** The exit code; undefined where everything went well and what was asked to be written is written. */
async function report(
  process: Process,
  url: Url,
  attempt: Attempt,
  values: Values,
  asked: Asked,
): Promise<number | undefined> {
  if (attempt.kind !== "noName")
    await tell(process, values, `*   Trying ${attempt.ip}:${url.port}...`);
  if (attempt.kind === "answered") return answered(process, url, attempt, values, asked);
  const afterMs = Math.round(attempt.tookUs / 1_000);
  const failed = `Failed to connect to ${url.host} port ${url.port} after ${afterMs} ms:`;
  const close = (code: number, words: string) =>
    tell(process, values, `* ${words}\n* Closing connection 0`).then(() =>
      complain(process, values, code, words),
    );
  switch (attempt.kind) {
    case "noName":
      return close(
        attempt.reason === "noServer" && asked.limitUs !== undefined
          ? EXIT.timedOut
          : EXIT.couldNotResolve,
        attempt.reason === "noServer" && asked.limitUs !== undefined
          ? `Resolving timed out after ${afterMs} milliseconds`
          : `Could not resolve host: ${url.host}`,
      );
    case "failed": {
      if (attempt.isClosed) return close(EXIT.emptyReply, "Empty reply from server");
      if (attempt.errno === "ECONNRESET")
        return close(EXIT.receiveError, "Recv failure: Connection reset by peer");
      await tell(
        process,
        values,
        `* connect to ${attempt.ip} port ${url.port} failed: ${errnoWords(attempt.errno, false)}`,
      );
      const status = await close(EXIT.couldNotConnect, `${failed} Couldn't connect to server`);
      if (process.place.kind === "laptop")
        await hint(
          process,
          "the laptop is outside the modelled network: kubectl port-forward opens a way in, ssh host/NAME a machine that is in it",
        );
      return status;
    }
    case "silent":
      return silent(process, attempt, values, { ...asked, failed, close });
  }
}

async function silent(
  process: Process,
  attempt: Attempt & { readonly kind: "silent" },
  values: Values,
  {
    limitUs,
    failed,
    close,
  }: Asked & {
    readonly failed: string;
    readonly close: (code: number, words: string) => Promise<number>;
  },
): Promise<number> {
  const afterMs = Math.round(attempt.tookUs / 1_000);
  if (attempt.connected) {
    if (limitUs === undefined) await process.cluster.sleep(FOREVER_US, process.interrupt);
    return close(
      EXIT.timedOut,
      `Operation timed out after ${afterMs} milliseconds with 0 bytes received`,
    );
  }
  if (limitUs !== undefined && attempt.tookUs >= limitUs)
    return close(EXIT.timedOut, `Connection timed out after ${afterMs} milliseconds`);
  return close(
    EXIT.timedOut,
    `${failed} ${values["connect-timeout"] ? "Timeout was reached" : "Couldn't connect to server"}`,
  );
}

/** Longer than anybody waits: without --max-time curl does, for an answer. */
const FOREVER_US = 86_400 * SECOND;

async function answered(
  process: Process,
  url: Url,
  attempt: Attempt & { readonly kind: "answered" },
  values: Values,
  { text, index }: Asked,
): Promise<number | undefined> {
  const path = attempt.ip;
  await tell(process, values, `* Connected to ${url.host} (${path}) port ${url.port} (#0)`);
  if (url.scheme === "https") {
    await hint(
      process,
      `TLS is not modelled here: the connection to ${path}:${url.port} was made, nothing was asked`,
    );
    return EXIT.tlsFailed;
  }
  const head = requestHead(url, values);
  for (const line of head.split("\r\n").slice(0, -1)) await tell(process, values, `> ${line}`);
  const response = await responseOf(process, attempt.journey, url, head);
  if (response === "empty") {
    await tell(process, values, "* Empty reply from server\n* Closing connection 0");
    return complain(process, values, EXIT.emptyReply, "Empty reply from server");
  }
  const lines = [
    `${response.version} ${response.status} ${response.reason}`,
    ...response.headers.map(([name, value]) => `${name}: ${value}`),
    "",
  ];
  for (const line of lines) await tell(process, values, `< ${line}`);
  if (values.fail && response.status >= 400)
    return complain(
      process,
      values,
      EXIT.httpError,
      `The requested URL returned error: ${response.status}`,
    );
  const shownHead = values.head || values.include ? `${lines.join("\r\n")}\r\n` : "";
  const status = await deliver(
    process,
    url,
    `${shownHead}${values.head ? "" : response.body}`,
    values,
    index,
  );
  await tell(process, values, `* Connection #0 to host ${url.host} left intact`);
  const format = values["write-out"]?.at(-1);
  if (format !== undefined)
    await process.stdout.write(
      writeOut(format, { url: text, attempt, response, exitCode: status }),
    );
  return status === 0 ? undefined : status;
}

function requestHead(url: Url, values: Values): string {
  const data = values.data?.join("&");
  const method =
    values.request?.at(-1) ?? (values.head ? "HEAD" : data === undefined ? "GET" : "POST");
  const given = values.header ?? [];
  const own = (name: string, value: string) =>
    given.some((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      ? []
      : [`${name}: ${value}`];
  return [
    `${method} ${url.path} HTTP/1.1`,
    ...own("Host", url.authority),
    ...given.filter((line) => /^host:/i.test(line)),
    ...own("User-Agent", values["user-agent"]?.at(-1) ?? "curl/7.88.1"),
    ...own("Accept", "*/*"),
    ...given.filter((line) => !/^host:/i.test(line)),
    ...(data === undefined
      ? []
      : [
          `Content-Length: ${data.length}`,
          ...own("Content-Type", "application/x-www-form-urlencoded"),
        ]),
    "",
    "",
  ].join("\r\n");
}

async function deliver(
  process: Process,
  url: Url,
  text: string,
  values: Values,
  index: number,
): Promise<number> {
  const given =
    values.output?.[index] ?? (values.output?.length === 1 ? values.output[0] : undefined);
  const remote = url.path.split("?")[0]?.split("/").at(-1) ?? "";
  const name = given ?? (values["remote-name"] ? remote : undefined);
  const isQuiet = values.silent !== undefined || values["no-progress-meter"] !== undefined;
  if (name === undefined || name === "-") {
    if (!process.stdout.isTerminal && !isQuiet) await meter(process, text.length);
    await process.stdout.write(text);
    return 0;
  }
  if (!isQuiet) await meter(process, text.length);
  if (name === "")
    return complain(process, values, EXIT.writeError, "Remote file name has no length");
  const written = process.files.write(resolvePath(process.cwd, name), text);
  return written.ok
    ? 0
    : complain(process, values, EXIT.writeError, `Failure writing output to destination`);
}

/** The progress meter as it stands at the end. */
async function meter(process: Process, bytes: number): Promise<void> {
  const size = String(bytes).padStart(5);
  await process.stderr.write(
    `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n100 ${size}  100 ${size}    0     0  ${size}      0 --:--:-- --:--:-- --:--:-- ${size}\n`,
  );
}

async function complain(
  process: Process,
  values: Values,
  code: number,
  words: string,
): Promise<number> {
  if (!values.silent || values["show-error"])
    await process.stderr.write(`curl: (${code}) ${words}\n`);
  return code;
}

async function tell(process: Process, values: Values, text: string): Promise<void> {
  if (values.verbose) await process.stderr.write(`${text}\n`);
}

function seconds(given: readonly string[] | undefined): number | undefined {
  const value = Number(given?.at(-1));
  return given === undefined || !(value > 0) ? undefined : Math.round(value * SECOND);
}
