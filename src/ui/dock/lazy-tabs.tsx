import { lazy, type ReactNode, Suspense } from "react";
import { ErrorBoundary } from "../parts/ErrorBoundary";

const Traffic = lazy(() => import("../traffic/TrafficTab"));
const Paths = lazy(() => import("../paths/PathsTab"));
const Compare = lazy(() => import("../compare/CompareTab"));

function Loaded({ children }: { children: ReactNode }) {
  return (
    <ErrorBoundary
      fallback={(error) => <p className="empty">This could not be loaded: {error.message}</p>}
    >
      <Suspense fallback={<p className="empty">Loading …</p>}>{children}</Suspense>
    </ErrorBoundary>
  );
}

export function TrafficTab() {
  return (
    <Loaded>
      <Traffic />
    </Loaded>
  );
}

export function PathsTab() {
  return (
    <Loaded>
      <Paths />
    </Loaded>
  );
}

export function CompareTab() {
  return (
    <Loaded>
      <Compare />
    </Loaded>
  );
}
