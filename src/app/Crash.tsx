/** Instead of the page, when drawing it failed. */
export function Crash({ error }: { error: Error }) {
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
