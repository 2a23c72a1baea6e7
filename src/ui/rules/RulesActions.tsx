import { nodeRuntimesOf, useMirror } from "../../stores/mirror";
import { ActionButton } from "../actions/ActionButton";
import { pasteRules, saveRules } from "../actions/rules";
import { restoredText } from "./rules-words";
import "./rules.css";

/** Rules in and out of a node as iptables-save's text. */
export function RulesActions() {
  return (
    <>
      <ActionButton action={pasteRules} className="button small">
        Paste rules …
      </ActionButton>
      <ActionButton action={saveRules} className="button small">
        Save as a file
      </ActionButton>
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
