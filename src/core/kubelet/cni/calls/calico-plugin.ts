import { cidrOf, formatCidr } from "../../../net/cidr";
import { formatIpv4 } from "../../../net/ipv4";
import { LINK_LOCAL_GATEWAY } from "../routed-pod";
import type { Outcome, Run } from "./executors";
import { resultOf } from "./results";
import { versionOf } from "./stdin";
import { mainCable } from "./story";

/** Source: Calico, cni-plugin/pkg/k8s and pkg/ipamplugin. */
export function calicoAdd(run: Run): Outcome {
  const { story, stdin } = run;
  const calls = [run.delegate("calico-ipam", stdin)];
  const cable = mainCable(story);
  if (!cable) return { error: story.record.error ?? "", calls, did: [] };
  const { ip, prefix, hostDevice } = cable;
  const address = `${formatIpv4(ip)}/${prefix}`;
  const gateway = formatIpv4(LINK_LOCAL_GATEWAY);
  return {
    result: resultOf(versionOf(stdin), {
      interfaces: [{ name: hostDevice }],
      ips: [{ ip, prefix }],
    }),
    calls,
    did: [
      `a cable: eth0 in the sandbox, ${hostDevice} on the node; no bridge`,
      `eth0 has ${address}, route default via ${gateway}, which is nobody's address`,
      `${hostDevice} answers for ${gateway} and all others (proxy_arp)`,
      `on the node: route ${formatIpv4(ip)} dev ${hostDevice} scope link`,
    ],
  };
}

export function calicoDelete(run: Run): Outcome {
  const cable = mainCable(run.story);
  return {
    calls: [run.delegate("calico-ipam", run.stdin)],
    did: cable
      ? [`the cable eth0 – ${cable.hostDevice} is gone, and the node's route with it`]
      : [],
  };
}

const BLOCK_PREFIX = 26;

export function calicoIpamAdd({ story, stdin }: Run): Outcome {
  const cable = mainCable(story);
  if (!cable) return { error: story.record.error ?? "", did: [] };
  const { ip, prefix } = cable;
  const block = formatCidr(cidrOf(ip, BLOCK_PREFIX));
  return {
    result: resultOf(versionOf(stdin), { ips: [{ ip, prefix }] }),
    did: [`${formatIpv4(ip)} of ${story.node.name}'s block ${block} is this pod's`],
  };
}
