import type { Hop } from "../../trace/hop";
import type { Verdict } from "../../trace/verdict";
import type { Journey } from "../connection";
import type { World } from "../world";
import { whyNoTargets, whyPending } from "./balancers";
import { type Asked, type Case, caseAt, netnsAt, plain } from "./case";
import { whyNotTranslated } from "./cluster-ip";
import { whyNoAnswer, whyNoName } from "./dns";
import {
  whyInterfaceDown,
  whyMachineDown,
  whyMartian,
  whyNoHairpin,
  whyNotForwarding,
  whyRpFilter,
  whyStranger,
} from "./machines";
import { whyFiltered } from "./rules";
import { whySecurityGroup } from "./security-groups";
import { whyNoSocket } from "./sockets";
import { onTheWay, whyChecked, whyNoWay } from "./ways";
import { type Finding, placed, type WhyNot } from "./why";

/** Why a request came to nothing, dug out from behind what the kernel says; undefined when it arrived, or is still under
 *  way. `world`: as it was at that moment. */
export function whyNot(
  world: World,
  journey: Pick<Journey, "from" | "to" | "hops" | "outcome">,
): WhyNot | undefined {
  const verdict = journey.outcome?.verdict;
  if (!verdict || verdict.kind === "delivered") return undefined;
  return placed(findingOf(world, journey, verdict), verdict.place);
}

function findingOf(world: World, asked: Asked, verdict: Verdict): Finding {
  switch (verdict.reason) {
    case "DnsNxdomain":
    case "DnsNoData":
      return whyNoName(world, asked, verdict.reason);
    case "DnsTimeout":
    case "DnsRefused":
    case "DnsServfail": {
      const behind = lastEnd(asked.hops.filter(({ kind }) => kind !== "resolve"));
      const inner =
        behind?.verdict && ofPacket(caseAt(world, asked, behind.verdict, behind, findingOf));
      const isOwn = netnsAt(behind?.place ?? "") === netnsAt(asked.hops[0]?.place ?? "");
      if (inner?.code === "NodeDown" && isOwn) return inner;
      return whyNoAnswer(world, asked, verdict.reason, inner);
    }
    default: {
      const hop = lastEnd(asked.hops, verdict) ?? asked.hops.at(-1);
      const decided = verdict.reason === "ReplyFromStranger" ? verdict : (hop?.verdict ?? verdict);
      return hop
        ? ofPacket(caseAt(world, asked, decided, hop, findingOf))
        : { code: "NotModelled", title: "Nothing was sent", cause: verdict.explanation };
    }
  }
}

/** The last hop at which a packet ended; of those that decided this verdict, where there is one. What became of an error
 *  or a reset about a packet is not what became of the packet. */
function lastEnd(hops: readonly Hop[], verdict?: Verdict): Hop | undefined {
  const ends = hops.filter((hop) => hop.verdict && hop.role !== "ICMP" && hop.role !== "RST");
  const fits = (hop: Hop) => hop.verdict?.reason === verdict?.reason;
  return (
    [...ends].reverse().find(fits) ??
    [...ends].reverse().find(({ place }) => place === verdict?.place) ??
    ends.at(-1)
  );
}

function ofPacket(of: Case): Finding {
  const { verdict } = of;
  switch (verdict.reason) {
    case "NetfilterDrop":
    case "NetfilterReject":
      return whyFiltered(of);
    case "NoSocket":
      return whyNoSocket(of);
    case "IpInNoRoutes":
    case "IpOutNoRoutes":
    case "NeighFailed":
      return whyNotTranslated(of) ?? whyNoWay(of);
    case "SourceDestCheck":
      return whyNotTranslated(of) ?? whyChecked(of);
    case "SecurityGroup":
      return whyNotTranslated(of) ?? whySecurityGroup(of);
    case "MachineDown":
      return whyMachineDown(of);
    case "DevReady":
      return whyInterfaceDown(of);
    case "OtherHost":
      return whyNotTranslated(of) ?? whyNotForwarding(of);
    case "IpRpFilter":
      return whyRpFilter(of);
    case "IpLocalSource":
    case "IpInvalidSource":
    case "IpInvalidDest":
    case "IpLocalnet":
      return whyMartian(of);
    case "BridgeNoHairpin":
      return whyNoHairpin(of);
    case "ReplyFromStranger":
      return whyStranger(of);
    case "NoHealthyTargets":
      return whyNoTargets(of);
    case "VxlanNoRemote":
      return onTheWay("TunnelUnknown", "The tunnel does not know behind which machine that is", of);
    case "NoNatMapping":
      return plain("NoNatMapping", "The NAT gateway lets nothing in unasked", of);
    case "TtlExceeded":
      return onTheWay("TtlExceeded", "The packet's time to live ran out", of);
    case "ReplyLost":
      return onTheWay("ReplyLost", "The answer was lost on its way", of);
    case "ConnectionReset":
      return plain("ConnectionReset", "The connection was reset", of);
    case "LoadBalancerPending":
      return whyPending(of);
    case "DnsNxdomain":
    case "DnsNoData":
    case "DnsServfail":
    case "DnsTimeout":
    case "DnsRefused":
    case "NotModelled":
    case undefined:
      return plain("NotModelled", "Not modelled", of);
  }
}
