import { useState } from "react";
import { nodeRuntimesOf, useMirror } from "../../stores/mirror";
import { useSession } from "../../stores/session";
import { lazyPart, OVER_THE_PAGE } from "../parts/lazy-part";
import { downloadText } from "../share/download";
import { restoredText } from "./rules-words";
import "./rules.css";

const PasteRulesDialog = lazyPart(() => import("./PasteRulesDialog"), OVER_THE_PAGE);

/** Rules in and out of a node as iptables-save's text. */
export function RulesActions({ node }: { readonly node: string }) {
  const [pasting, setPasting] = useState(false);
  const simulation = useSession((state) => state.simulation);

  async function save() {
    if (simulation) downloadText(`${node}.iptables-save`, await simulation.rulesText(node));
  }

  return (
    <>
      <button
        type="button"
        className="button small"
        data-edit
        disabled={node === ""}
        onClick={() => setPasting(true)}
      >
        Paste rules …
      </button>
      <button type="button" className="button small" disabled={node === ""} onClick={save}>
        Save as a file
      </button>
      {pasting && <PasteRulesDialog node={node} onClose={() => setPasting(false)} />}
    </>
  );
}

/** That a node's rules are not only those of kube-proxy and its like. */
export function RestoredNote({ node }: { readonly node: string }) {
  const records = useMirror((state) => state.records);
  const text = restoredText(nodeRuntimesOf(records).find((runtime) => runtime.node === node));
  return text === undefined ? null : (
    <p className="dock-note" role="note">
      {text}
    </p>
  );
}
