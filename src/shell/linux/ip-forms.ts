import type { Netns, NetnsId, NetworkInterface } from "../../core/dataplane/netns";
import { ipAddr } from "../../core/dataplane/print-ip";

type Others = { find(id: NetnsId): Netns | undefined };

/** `ip addr`, of one interface or all; without addresses it is `ip link`. */
export function addressLines(
  netns: Netns,
  others: Others,
  form: { readonly busybox: boolean; readonly links: boolean; readonly device?: string },
): readonly string[] {
  const lines: string[] = [];
  let shown = true;
  for (const line of ipAddr(netns, others)) {
    const name = /^\d+: ([^:@ ]+)/.exec(line)?.[1];
    if (name !== undefined) shown = form.device === undefined || form.device === name;
    if (!shown || (form.links && /^ {4}inet|^ {7}valid/.test(line))) continue;
    lines.push(form.busybox ? busyboxLine(line) : form.links ? linkLine(line) : line);
  }
  return lines;
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
  device?: string,
): readonly string[] {
  const lines: string[] = [];
  for (const line of ipAddr(netns, others)) {
    const first = /^\d+: ([^ ]+): <([^>]*)>.* state (\w+)/.exec(line);
    const address = /^ {4}inet (\S+)/.exec(line)?.[1];
    const mac = /^ {4}link\/\w+ (\S+)/.exec(line)?.[1];
    if (first && (device === undefined || first[1]?.split("@")[0] === device))
      lines.push(
        `${(first[1] ?? "").padEnd(16)} ${(first[3] ?? "").padEnd(14)} ${links ? `<${first[2]}>` : ""}`,
      );
    else if (first) lines.push("");
    const last = lines.length - 1;
    const own = lines[last] ?? "";
    if (own === "") continue;
    if (links && mac) lines[last] = own.replace("<", `${mac} <`);
    if (!links && address) lines[last] = `${own}${address} `;
  }
  return lines.filter((line) => line !== "");
}

export function hasInterface(netns: Netns, name: string): NetworkInterface | undefined {
  return netns.interfaces.find((one) => one.name === name);
}
