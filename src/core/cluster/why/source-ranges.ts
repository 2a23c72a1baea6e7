import { objectKey, type Service } from "../../api/types";
import { formatIpv4 } from "../../net/ipv4";
import { type Case, nameOf } from "./case";
import { kubectl, listed } from "./lines";
import { patch } from "./objects";
import type { Finding } from "./why";

/** `who` drops it. */
export function sourceRange({ hop }: Pick<Case, "hop">, service: Service, who: string): Finding {
  const ranges = service.spec.loadBalancerSourceRanges ?? [];
  const source = formatIpv4(hop.before.src);
  const { name, namespace } = service.metadata;
  return {
    code: "SourceRangeRefused",
    title: "The client is not in the Service's source ranges",
    cause: `${nameOf(service)} lets in only clients of ${listed(ranges)} (loadBalancerSourceRanges), and this one is ${source}: ${who} in silence.`,
    objects: [objectKey(service)],
    look: [
      kubectl(
        `get service ${name} -o jsonpath='{.spec.loadBalancerSourceRanges}'`,
        namespace,
        ranges[0] ?? "",
      ),
    ],
    fix: [
      {
        title: `Let ${source} in`,
        edits: [
          patch(service, { spec: { loadBalancerSourceRanges: [...ranges, `${source}/32`] } }),
        ],
      },
    ],
  };
}
