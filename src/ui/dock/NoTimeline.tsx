/** Before anything was sent, and until the timeline is loaded. */
export function NoTimeline() {
  return <p className="empty">Send a request: its way from machine to machine is drawn here.</p>;
}
