import { endpointNoteOf } from "../../stores/endpoint-notes";
import { useMirror } from "../../stores/mirror";

/** That a conntrack entry leads to somebody who is no endpoint, or no pod, any more. */
export function EndpointWarning({ line }: { readonly line: string }) {
  const note = useMirror((state) => endpointNoteOf(line, state.records)?.text);
  return note === undefined ? null : <p className="endpoint-warning">⚠ {note}</p>;
}
