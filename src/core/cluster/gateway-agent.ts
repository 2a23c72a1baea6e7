import type { Store } from "../api/store";
import type { View } from "../controllers/older-view";
import type { Listener } from "../dataplane/netns";
import { decide } from "../gateway/decide";
import { type OwnAnswer, ownAnswer, patienceSeconds } from "../gateway/pages";
import { gatewayIn } from "../gateway/status";
import type { HttpRequest } from "../net/http-message";
import type { Gateway } from "../programs/gateways";
import { SECOND } from "../sim/time";
import type { Connection } from "./connection";
import type { Onward, Trouble, TroubleAnswer } from "./onward";

const ANY_PAGE: HttpRequest = { method: "GET", path: "/" };

/** Where a gateway sends a request on, by what it has heard (`view`) of the cluster (`store`). */
export function gatewayOnward(
  store: Store,
  view: View,
  { request = ANY_PAGE, server }: Connection,
): Onward | undefined {
  const gateway = server && gatewayBehind(store, server.listener);
  if (!server || !gateway) return undefined;
  const decision = decide(view, gateway, request, server.tuple.src);
  const isBehind =
    view !== store && decision.words !== decide(store, gateway, request, server.tuple.src).words;
  const words = isBehind ? `${decision.words} ${BEHIND}` : decision.words;
  return decision.kind === "answer"
    ? { ...decision, words }
    : { ...decision, words, kind: "connect", netns: server.netns };
}

const BEHIND = "(its watch has not told it of the latest change yet)";

export function gatewayTrouble(
  store: Store,
  { server }: Connection,
  trouble: Trouble,
): TroubleAnswer {
  const program = (server && gatewayBehind(store, server.listener))?.program ?? "nginx";
  const why = whatWentWrong(trouble);
  return {
    response: ownAnswer(program, why),
    delayUs: patienceSeconds(program, why) * SECOND,
  };
}

function whatWentWrong({ verdict, isConnected, isUnreachable }: Trouble): OwnAnswer {
  if (verdict.kind === "dropped") return isConnected ? "silent" : "connectTimeout";
  if (isConnected) return "reset";
  const isLocal = verdict.reason === "NeighFailed" || verdict.reason === "IpOutNoRoutes";
  return isUnreachable || isLocal ? "unreachable" : "refused";
}

function gatewayBehind(store: Store, { owner }: Listener): Gateway | undefined {
  const [kind, namespace = "", name = ""] = owner.split("/");
  const pod = kind === "pod" ? store.find("Pod", namespace, name) : undefined;
  return pod && gatewayIn(pod);
}
