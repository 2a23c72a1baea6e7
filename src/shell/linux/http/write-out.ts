import { formatIpv4 } from "../../../core/net/ipv4";
import { SECOND } from "../../../core/sim/time";
import { unescapeText } from "../../builtins/printf";
import type { Attempt } from "../connect/reach";
import type { Response } from "./response";

interface Done {
  readonly url: string;
  readonly attempt: Attempt;
  readonly response?: Response;
  readonly exitCode: number;
}

/** curl's `-w`. */
export function writeOut(format: string, { url, attempt, response, exitCode }: Done): string {
  const seconds = (us: number) => (us / SECOND).toFixed(6);
  const hops = attempt.kind === "answered" ? attempt.journey.hops : [];
  const syn = hops.find(({ role }) => role === "SYN");
  const begun = attempt.kind === "answered" ? attempt.journey.sentAtUs : 0;
  const connected = hops.find(({ role, direction }) => role === "ACK" && direction === "original");
  const values: Readonly<Record<string, string | number>> = {
    http_code: response ? String(response.status) : "000",
    response_code: response ? String(response.status) : "000",
    http_version: response ? "1.1" : "0",
    size_download: response?.body.length ?? 0,
    time_total: seconds(attempt.tookUs),
    time_namelookup: seconds(syn ? syn.atUs - begun : 0),
    time_connect: seconds(connected ? connected.atUs - begun : 0),
    time_starttransfer: seconds(response ? attempt.tookUs : 0),
    remote_ip: response ? attempt.ip : "",
    remote_port: response ? (syn?.before.dport ?? 0) : 0,
    local_ip: syn ? formatIpv4(syn.before.src) : "",
    local_port: syn?.before.sport ?? 0,
    num_connects: response ? 1 : 0,
    url_effective: /^[a-z]+:\/\//i.test(url) ? url : `http://${url}/`,
    url,
    content_type: response?.headers.find(([name]) => name === "Content-Type")?.[1] ?? "",
    exitcode: exitCode,
    errormsg: "",
    method: "GET",
    scheme: "HTTP",
  };
  const text = format.replace(/%\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : "",
  );
  return unescapeText(text).text.replace(/%%/g, "%");
}
