import type { Listener } from "../../../core/dataplane/netns";
import { formatIpv4 } from "../../../core/net/ipv4";
import { hint } from "../../hint";
import { fail, type Process, type Program, print } from "../../process";
import { printRoutes } from "../net-tools";
import { findNetns } from "../network";
import { portName } from "../services";
import { processOf } from "./processes";

/** Listening sockets. Simplified: those of clients live as long as their request, and are not shown. */
function listeners(process: Process, letters: string): readonly Listener[] {
  const all = !/[tu]/.test(letters);
  return [...(findNetns(process)?.listeners ?? [])]
    .filter(
      ({ protocol }) =>
        (protocol === "tcp" && (all || letters.includes("t"))) ||
        (protocol === "udp" && (all || letters.includes("u"))),
    )
    .sort((a, b) => (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : a.port - b.port));
}

function lettersOf(process: Process, known: RegExp): { letters: string; wrong?: string } {
  const long: Readonly<Record<string, string>> = {
    "--listening": "l",
    "--tcp": "t",
    "--udp": "u",
    "--numeric": "n",
    "--all": "a",
    "--processes": "p",
    "--programs": "p",
  };
  const letters = process.args
    .map(
      (word) => long[word] ?? (word.startsWith("-") && !word.startsWith("--") ? word.slice(1) : ""),
    )
    .join("");
  const wrong = [...letters].find((letter) => !known.test(letter));
  return { letters, ...(wrong !== undefined && { wrong }) };
}

export const netstat: Program = async (process) => {
  const { letters, wrong } = lettersOf(process, /[tulnapeW46rc]/);
  if (wrong !== undefined) return fail(process, `netstat: invalid option -- '${wrong}'`, 4);
  const netns = findNetns(process);
  if (letters.includes("r") && netns)
    return printRoutes(process, netns, { numeric: letters.includes("n"), windows: true });
  const title = letters.includes("l")
    ? "only servers"
    : letters.includes("a")
      ? "servers and established"
      : "w/o servers";
  await print(process, `Active Internet connections (${title})`);
  await print(
    process,
    `Proto Recv-Q Send-Q Local Address           Foreign Address         State      ${letters.includes("p") ? " PID/Program name    " : ""}`,
  );
  if (!/[la]/.test(letters)) return 0;
  for (const one of listeners(process, letters)) {
    const local = `${address(one)}:${portName(String(one.port), letters.includes("n"))}`;
    const state = one.protocol === "tcp" ? "LISTEN" : "";
    const program = letters.includes("p") ? ` ${processWords(process, one)}` : "";
    await print(
      process,
      `${one.protocol.padEnd(5)}      0      0 ${local.padEnd(23)} ${(letters.includes("n") ? "0.0.0.0:*" : "0.0.0.0:*").padEnd(23)} ${state.padEnd(11)}${program}`,
    );
  }
  return 0;
};

export const ss: Program = async (process) => {
  const { letters, wrong } = lettersOf(process, /[tulnapesio46HO]/);
  if (wrong !== undefined) return fail(process, `ss: invalid option -- '${wrong}'`, 255);
  if (letters.includes("s")) {
    await hint(process, "ss -s is not modelled here");
    return 1;
  }
  const port = /\bsport\s*(?:=|eq)\s*:(\d+)/.exec(process.args.join(" "))?.[1];
  const shown = (/[la]/.test(letters) ? listeners(process, letters) : []).filter(
    (one) => port === undefined || one.port === Number(port),
  );
  const both = letters.includes("t") === letters.includes("u");
  const width = Math.max(4, ...shown.map(({ port }) => String(port).length));
  const programs = shown.map((one) =>
    letters.includes("p") ? ` users:((${quoteProgram(process, one)}))` : "",
  );
  const last = Math.max("Process".length, ...programs.map(({ length }) => length));
  if (!letters.includes("H"))
    await print(
      process,
      `${both ? "Netid " : ""}State  Recv-Q Send-Q Local Address:${"Port".padEnd(width)} Peer Address:Port${"Process".padEnd(last)}`,
    );
  for (const [index, one] of shown.entries()) {
    const port = portName(String(one.port), letters.includes("n")).padEnd(width);
    const isTcp = one.protocol === "tcp";
    const queues = `0      ${(isTcp ? "4096" : "0").padEnd(6)}`;
    const ends = `${address(one).padStart(13)}:${port} ${"0.0.0.0".padStart(12)}:*   `;
    const program = (programs[index] ?? "").padEnd(last);
    await print(
      process,
      `${both ? one.protocol.padEnd(6) : ""}${(isTcp ? "LISTEN" : "UNCONN").padEnd(6)} ${queues} ${ends}${program}`,
    );
  }
  return 0;
};

function address({ ip }: Listener): string {
  return ip === undefined ? "0.0.0.0" : formatIpv4(ip);
}

function processWords(process: Process, listener: Listener): string {
  const { pid, name } = processOf(process, listener);
  return `${pid}/${name}`;
}

function quoteProgram(process: Process, listener: Listener): string {
  const { pid, name } = processOf(process, listener);
  return `"${name}",pid=${pid},fd=3`;
}
