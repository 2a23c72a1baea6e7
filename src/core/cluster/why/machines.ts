import { keyOf, objectKey } from "../../api/types";
import { type Case, nameOf, netnsAt, nodeAtPlace, objectAt, plain } from "./case";
import { kubectl, ssh } from "./lines";
import { powerOn } from "./no-endpoints";
import { whyPodGone } from "./ways";
import type { Finding, Fix } from "./why";

/** The machine is off, or the veth's other end is gone. */
export function whyMachineDown(of: Case): Finding {
  const { world, hop, entered } = of;
  const [kind, namespace = "", name = ""] = hop.place.split("/");
  const pod = kind === "pod" ? world.store.find("Pod", namespace, name) : undefined;
  const node = pod?.spec.nodeName ?? nodeAtPlace(hop.place);
  if (node === undefined || world.plane.find(`node/${node}`)?.up !== false)
    return whyPodGone(of) ?? plain("NobodyHasAddress", "The other end is gone", of);
  const led = entered
    ? ` ${nameOf(entered.service)} still led there: the cluster finds out by missing heartbeats, after 40 seconds, and only then takes its pods out.`
    : "";
  return {
    code: "NodeDown",
    title: `${node} is down`,
    cause: `${node} is powered off, and answers nothing.${led}`,
    objects: [keyOf("Node", "", node), ...(entered ? [objectKey(entered.service)] : [])],
    look: [kubectl("get nodes", "", node)],
    fix: [powerOn(node)],
  };
}

/** Somebody has set a network interface down. */
export function whyInterfaceDown(of: Case): Finding {
  const machine = netnsAt(of.hop.place);
  const dev =
    / on (\S+) of | (\S+) of /.exec(of.verdict.explanation)?.slice(1).find(Boolean) ?? "eth0";
  const found = plain("InterfaceDown", "The network interface is down", of);
  if (!isMachine(machine)) return found;
  return {
    ...found,
    look: [ssh(machine, `ip link show dev ${dev}`, "state DOWN")],
    // With a network card its routes went, too: setting it up does not bring them back.
    fix:
      dev === "eth0"
        ? []
        : [
            {
              title: `Set ${dev} up again`,
              edits: [{ type: "configureNetwork", netns: machine, text: `link set ${dev} up` }],
            },
          ],
  };
}

function isMachine(netns: string): netns is `node/${string}` {
  return netns.startsWith("node/") || netns.startsWith("host/");
}

function setting(node: string, name: string, value: number, title: string): Fix {
  return { title, edits: [{ type: "setSetting", node, setting: name, value }] };
}

/** The kernel would not answer through the interface that the packet came in on. */
export function whyRpFilter(of: Case): Finding {
  const node = nodeAtPlace(of.hop.place);
  const found = plain("RpFilter", "The reverse-path filter drops the packet", of);
  if (node === undefined) return found;
  const dev = / on (\S+) of /.exec(of.verdict.explanation)?.[1] ?? "eth0";
  const names = ["all", dev].map((one) => `net.ipv4.conf.${one}.rp_filter`);
  const on = names.filter((name) => (of.world.nodeSetting(node, name) ?? 0) > 0);
  return {
    ...found,
    look: on.slice(0, 1).map((name) => ssh(`node/${node}`, `sysctl ${name}`, `${name} = `)),
    fix: [
      {
        title: `Switch rp_filter off on ${node}`,
        edits: on.map((name) => ({ type: "setSetting", node, setting: name, value: 0 }) as const),
      },
    ],
  };
}

export function whyMartian(of: Case): Finding {
  const node = nodeAtPlace(of.hop.place);
  const found = plain("MartianAddress", "No such packet may come in there", of);
  if (node === undefined) return found;
  const name = "net.ipv4.conf.all.route_localnet";
  const isLocalnet = of.verdict.reason === "IpLocalnet";
  return {
    ...found,
    look: isLocalnet
      ? [ssh(`node/${node}`, `sysctl ${name}`, `${name} = 0`)]
      : [ssh(`node/${node}`, "ip addr", "inet")],
    fix: isLocalnet ? [setting(node, name, 1, `Switch route_localnet on on ${node}`)] : [],
  };
}

export function whyNoHairpin(of: Case): Finding {
  const node = nodeAtPlace(of.hop.place);
  return {
    ...plain("NoHairpin", "The bridge does not send a frame back where it came from", of),
    cause: `A pod asked a Service and was given itself as endpoint: ${of.verdict.explanation}.`,
    objects: [...objectAt(of.client), ...objectAt(of.hop.place)],
    look: node === undefined ? [] : [ssh(`node/${node}`, "ip link", "master cni0")],
    fix:
      node === undefined
        ? []
        : [setting(node, "hairpin_mode", 1, `Switch hairpin mode on on ${node}`)],
  };
}

export function whyNotForwarding(of: Case): Finding {
  const node = nodeAtPlace(of.hop.place);
  const name = "net.ipv4.ip_forward";
  const found = plain("NotForwarding", "The machine does not forward", of);
  if (node === undefined) return found;
  return {
    ...found,
    look: [ssh(`node/${node}`, `sysctl ${name}`, `${name} = 0`)],
    fix: [setting(node, name, 1, `Switch ip_forward on on ${node}`)],
  };
}

/** An answer came, but from an address that was not asked. */
export function whyStranger(of: Case): Finding {
  const found = plain("ReplyFromStranger", "The answer comes from a stranger", of);
  const node = of.entered?.node;
  const name = "net.bridge.bridge-nf-call-iptables";
  if (!node || of.world.nodeSetting(node, name) !== 0) return found;
  return {
    ...found,
    cause: `${found.cause} Client and pod are on the same bridge of ${node}, and bridge-nf-call-iptables is off there: the answer stays on the bridge, where nobody undoes the DNAT.`,
    objects: [keyOf("Node", "", node), ...(found.objects ?? [])],
    look: [ssh(`node/${node}`, `sysctl ${name}`, `${name} = 0`)],
    fix: [setting(node, name, 1, `Switch bridge-nf-call-iptables on on ${node}`)],
  };
}
