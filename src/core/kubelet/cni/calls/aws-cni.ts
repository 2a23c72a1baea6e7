import { formatIpv4 } from "../../../net/ipv4";
import type { Outcome, Run } from "./executors";
import { resultOf } from "./results";
import { versionOf } from "./stdin";
import { mainCable, type Story } from "./story";

/** Amazon's plugin asks the daemon on its node (ipamd) for an address. Source: amazon-vpc-cni-k8s,
 *  cmd/routed-eni-cni-plugin/cni.go. */
export function awsCni({ story, stdin }: Run): Outcome {
  const { record } = story;
  const cable = mainCable(story);
  if (!cable) return { error: record.error ?? "", did: [] };
  const { ip, prefix, hostDevice } = cable;
  const number = Math.max(0, cardNumber(story));
  // Nobody's device: it keeps the card's number for DEL.
  const dummy = { name: hostDevice.replace(/^eni/, "dummy"), mac: "0", sandbox: String(number) };
  const address = formatIpv4(ip);
  return {
    result: resultOf(versionOf(stdin), {
      interfaces: [{ name: hostDevice }, { name: "eth0", sandbox: record.netnsPath }, dummy],
      ips: [{ interface: 1, ip, prefix }],
    }),
    did: [
      `ipamd has given ${address}, an address of the card ${story.cards[number]?.dev ?? "eth0"}`,
      `a cable: eth0 in the sandbox, ${hostDevice} on the node; no bridge`,
      `eth0 has ${address}/32, route default via 169.254.1.1, whose MAC address is ${hostDevice}'s`,
      `on the node: route ${address} dev ${hostDevice} scope link`,
      `ip rule: to ${address}, look in main${number > 0 ? `; from ${address}, look in table ${number + 1}` : ""}`,
    ],
  };
}

export function awsDelete({ story }: Run): Outcome {
  const cable = mainCable(story);
  return {
    did: cable
      ? [
          `the cable eth0 – ${cable.hostDevice} is gone, and the node's route and rules with it`,
          `ipamd keeps ${formatIpv4(cable.ip)} for others`,
        ]
      : [],
  };
}

function cardNumber({ cards, record: { ip } }: Story): number {
  return cards.findIndex(({ addresses }) => ip !== undefined && addresses.includes(ip));
}
