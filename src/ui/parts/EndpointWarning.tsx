import { endpointNoteOf } from "../../stores/endpoint-notes";
import { useMirror } from "../../stores/mirror";

/** That a conntrack entry, a line of `conntrack -L`, leads to somebody who is no endpoint, or no pod, any more. */
export function EndpointWarning({ line }: { readonly line: string }) {
  const note = useEndpointNote(line);
  return note === undefined ? null : <p className="endpoint-warning">⚠ {note}</p>;
}

export function useEndpointNote(line: string): string | undefined {
  return useMirror((state) => endpointNoteOf(line, state.records)?.text);
}
