import type { ContainerStatus, Pod } from "../../core/api/types";
import { findPodRuntime, useMirror } from "../../stores/mirror";
import type { PodRuntimeView, SocketView } from "../../worker/pod-network-protocol";
import { useAsked } from "../dock/use-asked";
import { SandboxStory } from "./SandboxStory";
import "./pod-network.css";

/** How a pod came to its network, step by step, and the containers that share it. */
export function NetworkSetup({ pod }: { readonly pod: Pod }) {
  const { namespace, name, uid } = pod.metadata;
  const runtime = useMirror((state) => findPodRuntime(state.records, namespace, name));
  const sandbox = useAsked(`${namespace}/${name}/${uid}/${runtime?.stage}`, (simulation) =>
    simulation.podSandbox(namespace, name),
  );
  if (!pod.spec.nodeName) return null;
  return (
    <section className="network-setup">
      <h3>Network set-up</h3>
      <Steps stage={runtime?.stage} hasOwn={!pod.spec.hostNetwork} />
      {pod.spec.hostNetwork ? (
        <p className="muted">
          hostNetwork: its containers run in the node’s own network namespace. No plugin is called,
          and the pod’s address is the node’s.
        </p>
      ) : (
        sandbox && <SandboxStory sandbox={sandbox} />
      )}
      <h3>
        Containers <span className="muted">in one network namespace</span>
      </h3>
      <ul className="namespace-frame">
        {!pod.spec.hostNetwork && sandbox && (
          <li>
            <strong>pause</strong> <span className="muted">holds the namespace open</span>
          </li>
        )}
        {pod.spec.containers.map((container) => (
          <li key={container.name}>
            <strong>{container.name}</strong> <span className="muted">{container.image}</span>
            <Sockets sockets={socketsOf(runtime, container.name)} />
            <ContainerState
              status={pod.status.containerStatuses?.find((one) => one.name === container.name)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

const STEPS = [
  { stage: "waiting", word: "waiting for its kubelet" },
  { stage: "networking", word: "sandbox" },
  { stage: "sandboxed", word: "network" },
  { stage: "running", word: "containers" },
] as const;

/** How far a pod has come on its node. */
function Steps({ stage, hasOwn }: { stage: PodRuntimeView["stage"] | undefined; hasOwn: boolean }) {
  const steps = hasOwn ? STEPS : STEPS.filter((one) => one.stage !== "networking");
  const at = steps.findIndex((one) => one.stage === stage);
  if (stage === "noAddress")
    return <p className="cni-error">✕ no network: the pod stays ContainerCreating.</p>;
  if (at < 0 || stage === "running") return null;
  return (
    <ol className="setup-steps" aria-label="How far the pod has come">
      {steps.slice(1).map(({ stage: one, word }, index) => {
        const isDone = index < at;
        return (
          <li key={one} className={isDone ? "done" : index === at ? "next" : ""}>
            {isDone ? "✓" : index === at ? "◌" : "·"} {word}
          </li>
        );
      })}
    </ol>
  );
}

function socketsOf(runtime: PodRuntimeView | undefined, container: string): readonly SocketView[] {
  return runtime?.listens.filter((one) => one.container === container) ?? [];
}

function Sockets({ sockets }: { readonly sockets: readonly SocketView[] }) {
  if (sockets.length === 0) return null;
  return (
    <span className="sockets">
      {sockets.map(({ protocol, port, ip }) => (
        <code key={`${protocol} ${ip} ${port}`}>
          {ip ?? "*"}:{port}
          {protocol === "tcp" ? "" : `/${protocol}`}
        </code>
      ))}
    </span>
  );
}

function ContainerState({ status }: { readonly status: ContainerStatus | undefined }) {
  if (!status) return null;
  const { waiting, terminated } = status.state;
  const reason = waiting?.reason ?? terminated?.reason;
  if (reason === undefined) return null;
  const isBad = reason !== "ContainerCreating" && reason !== "PodInitializing";
  const end = terminated ?? status.lastState?.terminated;
  return (
    <p className={isBad ? "cni-error" : "muted"}>
      {isBad ? "✕ " : "◌ "}
      {reason}
      {end && isBad ? `, exit code ${end.exitCode}` : ""}
      {waiting?.message ? `: ${waiting.message}` : ""}
    </p>
  );
}
