import type { ControlContext } from "../controllers/context";
import { editTable } from "../dataplane/netfilter/edit-chains";
import type { Chain, TableName } from "../dataplane/netfilter/rules";
import type { Netns } from "../dataplane/netns";
import type { CniPlugin, PodPort } from "./cni/plugin";
import { podRef } from "./cni/pod-ref";
import { isPodEnd } from "./node-network";

/** Chains of which a plugin keeps one or more for each pod of a node. */
export function writePodChains(ctx: ControlContext, plugin: CniPlugin, id: string): void {
  const host = ctx.plane.find(id);
  if (!plugin.podChains || !host) return;
  let ruleset = ctx.plane.ruleset(id);
  for (const [table, chains] of Object.entries(plugin.podChains(podPorts(ctx, host)))) {
    const name = table as TableName;
    const changes = new Map<string, Chain | undefined>();
    for (const chain of ruleset[name]?.chains.keys() ?? [])
      if (plugin.isPodChain?.(chain)) changes.set(chain, undefined);
    for (const chain of chains) changes.set(chain.name, chain);
    ruleset = editTable(ruleset, name, changes);
  }
  ctx.plane.setRuleset(id, ruleset);
}

function podPorts({ store }: ControlContext, host: Netns): readonly PodPort[] {
  return host.interfaces.filter(isPodEnd).flatMap(({ name: dev, peer }) => {
    const [, namespace = "", name = ""] = peer?.netns.split("/") ?? [];
    const pod = store.find("Pod", namespace, name);
    return pod ? [{ pod: podRef(pod), dev }] : [];
  });
}
