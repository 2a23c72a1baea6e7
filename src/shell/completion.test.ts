import { expect, test } from "vitest";
import { openTerminal } from "./testing/run-transcript";

const terminal = openTerminal();
const tab = (text: string) => terminal.terminal.complete(text, text.length);

test.each([
  ["kub", 0, ["kubectl"]],
  ["echo a | gre", 9, ["grep"]],
  ["kubectl rollo", 8, ["rollout"]],
  ["kubectl rollout st", 16, ["status"]],
  ["kubectl create service n", 23, ["nodeport"]],
  ["kubectl get po", 12, ["poddisruptionbudgets", "pods"]],
  ["kubectl get svc k", 16, ["kuard", "kubernetes"]],
  ["kubectl get svc/kua", 12, ["svc/kuard"]],
  ["kubectl -n kube-system get deploy c", 34, ["coredns"]],
  ["kubectl get pods -n kube-s", 20, ["kube-system"]],
  ["kubectl get pods -o w", 20, ["wide"]],
  ["kubectl get pods --show-l", 17, ["--show-labels"]],
  ["kubectl rollout pa", 16, ["pause"]],
  ["kubectl set e", 12, ["env"]],
  ["kubectl wait pod/x --for=cond", 19, ["--for=condition=Available", "--for=condition=Ready"]],
  ["kubectl auth can-i cr", 19, ["create"]],
  ["kubectl get svc -o go", 19, ["go-template-file=", "go-template="]],
  ["kubectl drain node-", 14, ["node-1", "node-2", "node-3"]],
  ["kubectl scale deploy kuard --repl", 27, ["--replicas="]],
  ["kubectl set image deploy kuard ", 31, ["kuard="]],
  ["cat /etc/host", 4, ["/etc/hostname"]],
])("%s", (text, from, candidates) => {
  expect(tab(text)).toEqual({ from, candidates });
});

test("names of pods after exec", () => {
  const { candidates } = tab("kubectl exec -it kuard-");
  expect(candidates).toHaveLength(3);
});
