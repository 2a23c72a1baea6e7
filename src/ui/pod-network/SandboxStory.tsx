import type { PodSandbox } from "../../worker/pod-network-protocol";
import { clockText } from "../parts/describe";
import { CniRuns } from "./CniRun";

/** How a pod's network was made, from its namespace to the last plugin's result, and how it was taken away. */
export function SandboxStory({ sandbox }: { readonly sandbox: PodSandbox }) {
  const { record, add, del } = sandbox;
  const isGone = record.removedAtUs !== undefined;
  return (
    <ol className="sandbox-story">
      <li>
        <strong>Sandbox</strong>
        <p>
          The runtime makes the network namespace, with nothing in it but lo, and starts the pause
          container in it, which keeps it open.
        </p>
        <pre>
          {record.netnsPath}
          {"\n"}
          {record.id}
        </pre>
      </li>
      <li>
        <strong>
          CNI ADD <span className="muted">at {clockText(record.addedAtUs)}</span>
        </strong>
        <CniRuns label="Plugins, ADD" calls={add} />
      </li>
      {del.length > 0 && (
        <li>
          <strong>
            CNI DEL{" "}
            <span className="muted">
              {isGone ? `at ${clockText(record.removedAtUs ?? 0)}` : "of what was begun"}
            </span>
          </strong>
          <CniRuns label="Plugins, DEL" calls={del} />
        </li>
      )}
    </ol>
  );
}
