import { useState } from "react";
import type { Node } from "../../core/api/types";
import { useSelection } from "../../stores/selection";
import type { CniFile, SandboxRecord } from "../../worker/pod-network-protocol";
import { useAsked } from "../dock/use-asked";
import { clockText } from "../parts/describe";
import { SandboxStory } from "./SandboxStory";
import "./pod-network.css";

/** What a node's pod network is made of: configuration, plugins, addresses, and the sandboxes that were made there. */
export function NodeNetwork({ node }: { readonly node: Node }) {
  const { name } = node.metadata;
  const network = useAsked(name, (simulation) => simulation.nodePodNetwork(name));
  if (!network) return null;
  const { files, programs, addresses, sandboxes } = network;
  const isFull = addresses.taken >= addresses.total;
  return (
    <section className="node-network">
      <h3>Pod network</h3>
      <p>
        <span className={isFull ? "badge bad" : "badge"}>
          {isFull && "✕ "}
          {addresses.taken} of {addresses.total} addresses
        </span>{" "}
        <span className="muted">for pods are taken.</span>
      </p>
      {files.length === 0 && (
        <p className="cni-error">✕ /etc/cni/net.d is empty: no plugin is configured.</p>
      )}
      <Files title="/etc/cni/net.d" files={files.filter(isConfig)} />
      <details>
        <summary>/opt/cni/bin ({programs.length} plugins)</summary>
        <p className="cni-programs">
          {programs.map((program) => (
            <code key={program}>{program}</code>
          ))}
        </p>
      </details>
      <Files title="What plugins remember" files={files.filter((file) => !isConfig(file))} />
      <h3>
        Sandboxes <span className="muted">runs of the plugins, pod by pod</span>
      </h3>
      {sandboxes.length === 0 && <p className="muted">None yet.</p>}
      <ul className="sandboxes">
        {sandboxes.map((record) => (
          <Sandbox key={record.id} node={name} record={record} />
        ))}
      </ul>
    </section>
  );
}

function isConfig({ path }: CniFile): boolean {
  return path.startsWith("/etc/cni/net.d/");
}

function Files({ title, files }: { readonly title: string; readonly files: readonly CniFile[] }) {
  if (files.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      {files.map(({ path, text }) => (
        <details key={path}>
          <summary>
            <code>{path}</code>
          </summary>
          <pre>{text}</pre>
        </details>
      ))}
    </>
  );
}

function Sandbox({ node, record }: { readonly node: string; readonly record: SandboxRecord }) {
  const [open, setOpen] = useState(false);
  const { pod, id, removedAtUs, error } = record;
  const sandbox = useAsked(open ? `${node}/${id}` : "", (simulation) =>
    simulation.sandboxOf(node, id),
  );
  const state =
    removedAtUs !== undefined ? `gone at ${clockText(removedAtUs)}` : error ? "✕ failed" : "";
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          {pod.namespace}/{pod.name} <span className={error ? "cni-error" : "muted"}>{state}</span>
        </summary>
        {removedAtUs === undefined && (
          <button
            type="button"
            className="link"
            onClick={() => useSelection.getState().select(`Pod/${pod.namespace}/${pod.name}`)}
          >
            Select the pod
          </button>
        )}
        {sandbox && <SandboxStory sandbox={sandbox} />}
      </details>
    </li>
  );
}
