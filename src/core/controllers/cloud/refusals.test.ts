import { expect, test } from "vitest";
import type { Service } from "../../api/types";
import { service } from "../testing/driver";
import { refusalOf } from "./refusals";

const NLB = { "service.beta.kubernetes.io/aws-load-balancer-type": "nlb" };
const PROXY = "service.beta.kubernetes.io/aws-load-balancer-proxy-protocol";

function balanced(protocols: readonly string[], more = {}, annotations = {}): Service {
  const ports = protocols.map((protocol, index) => ({
    protocol,
    port: 80 + index,
    targetPort: 80,
  }));
  const given = service("web", { app: "web" }, { type: "LoadBalancer", ...more });
  return {
    ...given,
    metadata: { ...given.metadata, annotations },
    spec: { ...given.spec, ports: ports as Service["spec"]["ports"] },
  };
}

// Source: cloud-provider-aws pkg/providers/v1, EnsureLoadBalancer.
test.each([
  ["one port", balanced(["TCP"]), undefined],
  ["an NLB for UDP", balanced(["UDP"], {}, NLB), undefined],
  ["no ports", balanced([]), "requested load balancer with no ports"],
  ["mixed", balanced(["TCP", "UDP"]), "mixed protocol is not supported for LoadBalancer"],
  ["mixed", balanced(["TCP", "UDP"], {}, NLB), "mixed protocol is not supported for LoadBalancer"],
  ["UDP", balanced(["UDP"]), "Protocol UDP not supported by LoadBalancer"],
  ["SCTP", balanced(["SCTP"], {}, NLB), "Protocol SCTP not supported by LoadBalancer"],
  [
    "affinity",
    balanced(["TCP"], { sessionAffinity: "ClientIP" }, NLB),
    "unsupported load balancer affinity: ClientIP",
  ],
  [
    "an address",
    balanced(["TCP"], { loadBalancerIP: "192.0.2.9" }),
    "LoadBalancerIP cannot be specified for AWS ELB",
  ],
  [
    "proxy protocol",
    balanced(["TCP"], {}, { [PROXY]: "true" }),
    `annotation "${PROXY}"="true" detected, but the only value supported currently is '*'`,
  ],
])("%s", (_, given, refusal) => {
  expect(refusalOf("aws", given)).toBe(refusal);
  expect(refusalOf("ip", given)).toBeUndefined();
});
