import { lazy, Suspense } from "react";
import type { EditorProps } from "./YamlEditor";
import "./editor.css";

const YamlEditor = lazy(() => import("./YamlEditor"));

export function LazyEditor(props: EditorProps) {
  return (
    <Suspense fallback={<p className="empty">Loading the editor …</p>}>
      <YamlEditor {...props} />
    </Suspense>
  );
}
