import { useState } from "react";
import type { ObjectKey } from "../../core/api/types";
import { keyWords } from "../../shell/kubectl/equivalent-words";
import { useEditHistory } from "../../stores/edit-history";
import { clockText } from "../parts/describe";
import { Effects } from "./Effects";

/** What became of the latest edit, for the object that it was made to, or that it reached. */
export function LastChange({ object }: { readonly object: ObjectKey }) {
  const last = useEditHistory(({ done }) => done.filter(({ kind }) => kind === "edit").at(-1));
  const isOwn = last !== undefined && names(last.text, keyWords(object));
  const [opened, setOpened] = useState<boolean>();
  if (last?.kind !== "edit") return null;
  const isOpen = opened ?? isOwn;
  return (
    <details
      className="last-change"
      open={isOpen}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open !== isOpen) setOpened(currentTarget.open);
      }}
    >
      <summary>
        What came and went since: {last.text} <span className="muted">{clockText(last.atUs)}</span>
      </summary>
      {isOpen && <Effects sinceUs={Math.max(0, last.atUs - 1)} about={object} />}
    </details>
  );
}

/** `Scale Deployment web to 2` names `Deployment web`, and not `Deployment we`. */
function names(text: string, words: string): boolean {
  const at = text.indexOf(words);
  return at >= 0 && !/[\w.-]/.test(text.charAt(at + words.length));
}
