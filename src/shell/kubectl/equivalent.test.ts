import { expect, test } from "vitest";
import { type Action, kubectlEquivalent } from "./equivalent";
import { actionWords } from "./equivalent-words";

const patch = (key: string, change: Extract<Action, { type: "patch" }>["patch"]): Action => ({
  type: "patch",
  key,
  patch: change,
});

test.each<[Action, string | undefined, string]>([
  [
    patch("Deployment/default/kuard", { spec: { replicas: 5 } }),
    "kubectl scale deployment kuard --replicas=5",
    "Scale Deployment kuard to 5",
  ],
  [
    patch("Pod/shop/till", { metadata: { labels: { app: "web", old: null } } }),
    "kubectl label pod till -n shop app=web old- --overwrite",
    "Label Pod shop/till: app=web, old removed",
  ],
  [
    patch("Pod/default/till", { metadata: { labels: { old: null } } }),
    "kubectl label pod till old-",
    "Label Pod till: old removed",
  ],
  [
    patch("Service/default/a", { metadata: { annotations: { note: "it's here" } } }),
    "kubectl annotate service a 'note=it'\\''s here' --overwrite",
    "Change Service a: note it's here",
  ],
  [
    patch("Node/node-1", { spec: { unschedulable: true } }),
    "kubectl cordon node-1",
    "Cordon Node node-1",
  ],
  [
    patch("Node/node-1", { spec: { unschedulable: null } }),
    "kubectl uncordon node-1",
    "Uncordon Node node-1",
  ],
  [
    patch("Service/default/kuard", { spec: { type: "ClusterIP", selector: { app: null } } }),
    `kubectl patch service kuard --type=merge -p '{"spec":{"type":"ClusterIP","selector":{"app":null}}}'`,
    "Change Service kuard: type ClusterIP, no app",
  ],
  [
    { type: "delete", key: "Namespace/shop" },
    "kubectl delete namespace shop",
    "Delete Namespace shop",
  ],
  [
    { type: "delete", key: "Pod/shop/till" },
    "kubectl delete pod till -n shop",
    "Delete Pod shop/till",
  ],
  [
    { type: "delete", key: "Host/user" },
    "kubectl delete host.kubehop.dev user",
    "Delete Host user",
  ],
  [
    { type: "drain", node: "node-2" },
    "kubectl drain node-2 --ignore-daemonsets --force",
    "Drain Node node-2",
  ],
  [
    { type: "killContainer", namespace: "shop", pod: "till", container: "main" },
    "kubectl exec -n shop till -c main -- kill 1",
    "Kill container main of Pod till",
  ],
  [{ type: "setPower", node: "node-1", on: false }, undefined, "Power off node-1"],
  [
    { type: "apply", yaml: "kind: Service\nmetadata: {name: a}\n" },
    "kubectl apply -f - <<'EOF'\nkind: Service\nmetadata: {name: a}\nEOF",
    "Apply Service a",
  ],
])("%j", (action, command, words) => {
  expect(kubectlEquivalent(action)).toBe(command);
  expect(actionWords(action, ["Service/default/a"])).toBe(words);
});
