import type { Netns, NetnsId, NetworkInterface } from "../../core/dataplane/netns";
import { ipAddr } from "../../core/dataplane/print-ip";

type Others = { find(id: NetnsId): Netns | undefined };

/** `ip addr`; without addresses it is `ip link`. */
export function addressLines(
  netns: Netns,
  others: Others,
  form: {
    readonly busybox: boolean;
    readonly links: boolean;
    readonly chosen: ReadonlySet<string>;
  },
): readonly string[] {
  return linesOf(netns, others, form.chosen)
    .filter((line) => !form.links || !/^ {4}inet|^ {7}valid/.test(line))
    .map((line) => (form.busybox ? busyboxLine(line) : form.links ? linkLine(line) : line));
}

/** iproute2's own, of the interfaces of these names. */
function linesOf(netns: Netns, others: Others, names: ReadonlySet<string>): readonly string[] {
  let name = "";
  return ipAddr(netns, others).filter((line) => {
    name = /^\d+: ([^:@ ]+)/.exec(line)?.[1] ?? name;
    return names.has(name);
  });
}

function linkLine(line: string): string {
  return line.replace(" group default", " mode DEFAULT group default");
}

/** Busybox knows no groups, and says that it cannot see a veth's other end. */
function busyboxLine(line: string): string {
  return line
    .replace(/^(\d+: \S+@if\d+: <[^>]*)>/, "$1,M-DOWN>")
    .replace(/ group default( qlen \d+)?/, (_, queue: string | undefined) =>
      /@if/.test(line) ? " " : (queue ?? " "),
    )
    .replace(/ link-netnsid \d+$/, "");
}

/** `ip -br addr`. */
export function briefLines(
  netns: Netns,
  others: Others,
  links: boolean,
  chosen: ReadonlySet<string>,
): readonly string[] {
  const lines: string[] = [];
  for (const line of linesOf(netns, others, chosen)) {
    const first = /^\d+: ([^ ]+): <([^>]*)>.* state (\w+)/.exec(line);
    const address = /^ {4}inet (\S+)/.exec(line)?.[1];
    const mac = /^ {4}link\/\w+ (\S+)/.exec(line)?.[1];
    if (first)
      lines.push(
        `${(first[1] ?? "").padEnd(16)} ${(first[3] ?? "").padEnd(14)} ${links ? `<${first[2]}> ` : ""}`,
      );
    const last = lines.length - 1;
    const own = lines[last] ?? "";
    if (links && mac) lines[last] = own.replace("<", `${mac} <`);
    if (!links && address) lines[last] = `${own}${address} `;
  }
  return lines;
}

export function hasInterface(netns: Netns, name: string): NetworkInterface | undefined {
  return netns.interfaces.find((one) => one.name === name);
}
