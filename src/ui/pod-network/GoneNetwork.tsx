import { useAsked } from "../dock/use-asked";
import { SandboxStory } from "./SandboxStory";
import "./pod-network.css";

/** The network of a pod that is gone, as far as its node remembers it. */
export function GoneNetwork({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}) {
  const sandbox = useAsked(`gone/${namespace}/${name}`, (simulation) =>
    simulation.podSandbox(namespace, name),
  );
  if (!sandbox) return null;
  return (
    <article className="object-tab network-setup">
      <h3>The network that it had</h3>
      <SandboxStory sandbox={sandbox} />
    </article>
  );
}
