import { keyOf } from "../../api/types";
import type { World } from "../world";
import { kubectl, ssh } from "./lines";
import { proxyStateOf } from "./node-facts";
import type { Finding, Look } from "./why";

/** A node's rules are not what the cluster now calls for: `of` says what they miss or still have. */
export function whyRulesDiffer(world: World, node: string, of: string): Finding {
  return (
    whyRulesBehind(world, node, of) ?? {
      code: "KubeProxyBehind",
      title: `kube-proxy on ${node} has not caught up`,
      cause: `${of} kube-proxy on ${node} runs, and its rules do not show it yet: it hears of a change some milliseconds later, writes its rules at most once a second, and those that somebody took away when it looks after them, every 30 seconds.`,
      objects: [keyOf("Node", "", node)],
      look: [rulesLook(node)],
    }
  );
}

/** A node's kube-proxy is known to be stopped, or late; undefined where it is neither. */
export function whyRulesBehind(world: World, node: string, of: string): Finding | undefined {
  const state = proxyStateOf(world, node);
  if (state === "current") return undefined;
  const objects = [keyOf("Node", "", node)];
  if (state === "behind")
    return {
      code: "KubeProxyBehind",
      title: `kube-proxy on ${node} has not caught up`,
      cause: `${of} kube-proxy on ${node} has heard of the change, and has not written its rules yet: a second later the same request goes another way.`,
      objects,
      look: [rulesLook(node)],
    };
  const halted = world.isProxyHalted(node);
  return {
    code: "KubeProxyStopped",
    title: `kube-proxy on ${node} is stopped`,
    cause: `${of} kube-proxy on ${node} is ${halted ? "stopped" : "not running"}: the rules stay in the kernel as it left them, whatever changes in the cluster.`,
    objects,
    look: [
      ssh(`node/${node}`, "ss -lnt", "State"),
      kubectl("get pods -o wide", "kube-system", node),
    ],
    fix: halted
      ? [
          {
            title: `Start kube-proxy on ${node}`,
            edits: [{ type: "setProxy", node, running: true }],
          },
        ]
      : [],
  };
}

function rulesLook(node: string): Look {
  return ssh(`node/${node}`, "iptables-save -t nat | grep KUBE-SERVICES", "KUBE-SERVICES");
}
