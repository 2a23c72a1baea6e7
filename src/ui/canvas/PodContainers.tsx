import type { Pod } from "../../core/api/types";
import type { PodRuntimeView } from "../../worker/pod-network-protocol";

/** Close up: the containers in the pod's box, which is one network namespace, with the sockets they serve on. CSS hides
 *  them from further away. */
export function PodContainers({
  pod,
  runtime,
}: {
  readonly pod: Pod;
  readonly runtime: PodRuntimeView | undefined;
}) {
  return (
    <div className="cv-containers" aria-hidden="true">
      {!pod.spec.hostNetwork && <span className="cv-container cv-pause">pause</span>}
      {pod.spec.containers.map(({ name }) => {
        const ports = (runtime?.listens ?? [])
          .filter(({ container }) => container === name)
          .map(({ port, ip }) => `${ip === "127.0.0.1" ? "lo" : ""}:${port}`);
        return (
          <span key={name} className={`cv-container ${ports.length === 0 ? "cv-silent" : ""}`}>
            {[name, ...ports].join(" ")}
          </span>
        );
      })}
    </div>
  );
}
