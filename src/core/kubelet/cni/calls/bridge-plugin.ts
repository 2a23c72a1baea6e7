import { fieldOf, isList, type JsonObject } from "../../../api/json";
import { cidrOf, formatCidr } from "../../../net/cidr";
import { formatIpv4 } from "../../../net/ipv4";
import type { Outcome, Run } from "./executors";
import { type ResultRoute, resultOf } from "./results";
import { versionOf } from "./stdin";
import { type BridgedCable, bridgedCable } from "./story";

/** The bridge plugin, and host-local, which it asks for an address.
 *  Source: containernetworking/plugins 1.1.1, main/bridge and ipam/host-local. */
export function bridgeAdd(run: Run): Outcome {
  const { story, stdin, interfaceName } = run;
  const { record } = story;
  const calls = [run.delegate("host-local", stdin)];
  const cable = bridgedCable(story, interfaceName, routesOf(stdin));
  if (!cable) return { error: record.error ?? "", calls, did: [] };
  const { ip, prefix, bridge, gateway } = cable;
  const result = resultOf(versionOf(stdin), {
    interfaces: [
      { name: bridge, mac: cable.bridgeMac },
      { name: cable.hostDevice, mac: cable.hostMac },
      { name: interfaceName, mac: cable.mac, sandbox: record.netnsPath },
    ],
    ips: [{ interface: 2, ip, prefix, gateway }],
    routes: [...cable.routes, ...defaultRoute(stdin, cable)],
  });
  return { result, calls, did: attached(cable, interfaceName, stdin) };
}

function attached(cable: BridgedCable, name: string, stdin: JsonObject): readonly string[] {
  const { bridge, hostDevice, ip, prefix, gateway, isGateway } = cable;
  const routes = [...cable.routes, ...defaultRoute(stdin, cable)];
  const hairpin = fieldOf(stdin, "hairpinMode") === true ? ", hairpin on" : "";
  return [
    `${bridge} is there${isGateway ? ` and has ${formatIpv4(gateway)}/${prefix}` : ""}`,
    `a cable: ${name} in the sandbox, ${hostDevice} on the node, a port of ${bridge}${hairpin}`,
    `${name} has ${formatIpv4(ip)}/${prefix}, and a route to ${formatCidr(cidrOf(ip, prefix))}`,
    ...routes.map(
      ({ dst, gw }) =>
        `route ${dst === "0.0.0.0/0" ? "default" : dst} via ${gw ?? formatIpv4(gateway)}`,
    ),
  ];
}

function defaultRoute(stdin: JsonObject, { gateway }: BridgedCable): readonly ResultRoute[] {
  const isDefault = fieldOf(stdin, "isDefaultGateway") === true;
  return isDefault ? [{ dst: "0.0.0.0/0", gw: formatIpv4(gateway) }] : [];
}

export function bridgeDelete(run: Run): Outcome {
  const { story, stdin, interfaceName } = run;
  const cable = bridgedCable(story, interfaceName, []);
  return {
    calls: [run.delegate("host-local", stdin)],
    did: cable
      ? [`the cable ${interfaceName} – ${cable.hostDevice} is gone; ${cable.bridge} stays`]
      : [],
  };
}

export function hostLocalAdd({ story, stdin, interfaceName }: Run): Outcome {
  const { record } = story;
  const routes = routesOf(stdin);
  const cable = bridgedCable(story, interfaceName, routes);
  if (!cable) return { error: record.error ?? "", did: [] };
  const { ip, prefix, gateway } = cable;
  return {
    result: resultOf(versionOf(stdin), { ips: [{ ip, prefix, gateway }], routes }),
    did: [
      `${directoryOf(stdin)}/${formatIpv4(ip)} holds the container's ID and ${interfaceName}`,
      `${directoryOf(stdin)}/last_reserved_ip.0 is ${formatIpv4(ip)}`,
    ],
  };
}

export function hostLocalDelete({ story, stdin, interfaceName }: Run): Outcome {
  const cable = bridgedCable(story, interfaceName, []);
  return { did: cable ? [`${directoryOf(stdin)}/${formatIpv4(cable.ip)} is gone`] : [] };
}

function directoryOf(stdin: JsonObject): string {
  return `/var/lib/cni/networks/${String(fieldOf(stdin, "name"))}`;
}

function routesOf(stdin: JsonObject): readonly ResultRoute[] {
  const routes = fieldOf(fieldOf(stdin, "ipam"), "routes");
  return (isList(routes) ? routes : []).map((route) => {
    const gw = fieldOf(route, "gw");
    return { dst: String(fieldOf(route, "dst")), ...(typeof gw === "string" && { gw }) };
  });
}
