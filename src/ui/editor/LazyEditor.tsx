import { lazy, Suspense } from "react";
import { ErrorBoundary } from "../parts/ErrorBoundary";
import type { EditorProps } from "./YamlEditor";
import "./editor.css";

const YamlEditor = lazy(() => import("./YamlEditor"));

export function LazyEditor(props: EditorProps) {
  return (
    <ErrorBoundary
      fallback={(error) => <p className="empty">The editor could not be loaded: {error.message}</p>}
    >
      <Suspense fallback={<p className="empty">Loading the editor …</p>}>
        <YamlEditor {...props} />
      </Suspense>
    </ErrorBoundary>
  );
}
