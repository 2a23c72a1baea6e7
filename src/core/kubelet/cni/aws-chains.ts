import type { Chain, Match, Rule, RuleTarget } from "../../dataplane/netfilter/rules";
import { VPC_CIDR } from "../../fabric/fabric";
import type { Ipv4 } from "../../net/ipv4";
import { cniOrigin } from "./origin";
import type { NodeChains } from "./plugin";

/** Connections of the primary card. */
const MARK = 0x80;
const SET: RuleTarget = { kind: "CONNMARK", op: "set", value: MARK, mask: MARK };
const RESTORE: RuleTarget = { kind: "CONNMARK", op: "restore", nfmask: MARK, ctmask: MARK };
const inVpc: Match = { kind: "destination", range: VPC_CIDR };
const from = (name: string): Match => ({ kind: "in-interface", name });

function rule(comment: string, role: string, matches: readonly Match[], target: RuleTarget): Rule {
  return { matches, target, comment, origin: cniOrigin("aws-vpc", role) };
}

const jump = (chain: string): RuleTarget => ({ kind: "jump", chain });

/** Source: amazon-vpc-cni-k8s, pkg/networkutils, buildIptablesSNATRules and buildIptablesConnmarkRules. */
export function awsChains(nodeIp: Ipv4): NodeChains {
  return { nat: natChains(nodeIp), mangle: [MANGLE] };
}

/** Answers to what came in by the primary card find their mark again. */
const MANGLE: Chain = {
  name: "PREROUTING",
  policy: "ACCEPT",
  rules: [
    rule(
      "AWS, primary ENI",
      "mark",
      [from("eth0"), { kind: "addrtype", dstTypes: ["LOCAL"], limitIface: "in" }],
      SET,
    ),
    rule("AWS, primary ENI", "mark", [from("eni+")], RESTORE),
    rule("AWS, primary ENI", "mark", [from("vlan+")], RESTORE),
  ],
};

/** What leaves the VPC leaves by the primary card, under its address. */
function natChains(ip: Ipv4): readonly Chain[] {
  return [
    {
      name: "PREROUTING",
      policy: "ACCEPT",
      rules: [
        rule("AWS, outbound connections", "mark", [from("eni+")], jump("AWS-CONNMARK-CHAIN-0")),
        rule("AWS, CONNMARK", "mark", [], RESTORE),
      ],
    },
    {
      name: "POSTROUTING",
      policy: "ACCEPT",
      rules: [rule("AWS SNAT CHAIN", "masquerade", [], jump("AWS-SNAT-CHAIN-0"))],
    },
    {
      name: "AWS-CONNMARK-CHAIN-0",
      rules: [
        rule("AWS CONNMARK CHAIN, VPC CIDR", "mark", [inVpc], { kind: "RETURN" }),
        rule("AWS, CONNMARK", "mark", [], SET),
      ],
    },
    {
      name: "AWS-SNAT-CHAIN-0",
      rules: [
        rule("AWS SNAT CHAIN", "masquerade", [inVpc], { kind: "RETURN" }),
        rule(
          "AWS, SNAT",
          "masquerade",
          [
            { kind: "out-interface", name: "vlan+", negate: true },
            { kind: "addrtype", dstTypes: ["LOCAL"], negateDst: true },
          ],
          { kind: "SNAT", ip, randomFully: true },
        ),
      ],
    },
  ];
}
