import { Component, type ReactNode } from "react";

interface State {
  readonly error: Error | null;
}

/** A mistake of ours while drawing: say so instead of leaving a blank page. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className="crash" role="alert">
        <h1>Something went wrong while drawing this page</h1>
        <p>This is a mistake in kubehop, not in your cluster. Reloading starts over.</p>
        <pre>{error.message}</pre>
        <button type="button" className="button primary" onClick={() => location.reload()}>
          Reload
        </button>
      </main>
    );
  }
}
