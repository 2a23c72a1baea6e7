import { useSession } from "../stores/session";
import { Canvas } from "../ui/canvas/Canvas";
import { Notices } from "../ui/parts/Notices";
import { PossibilityNote } from "../ui/paths/PossibilityNote";
import { PastNote } from "../ui/topbar/PastNote";
import { SendBar } from "../ui/topbar/SendBar";

/** The canvas with the send bar above it, or what there is to say when there is nothing to draw. */
export function Stage() {
  return (
    <section className="stage" aria-label="Network" id="network" tabIndex={-1}>
      <SendBar />
      <StageCanvas />
    </section>
  );
}

export function StageCanvas() {
  const phase = useSession((state) => state.phase);
  return (
    <div className="stage-canvas">
      {phase.kind === "starting" && <p className="stage-note">Starting the cluster …</p>}
      {phase.kind === "failed" && (
        <div className="stage-note" role="alert">
          <h2>{phase.message}</h2>
          <ul>
            {phase.details.map((detail) => (
              <li key={detail}>{detail}</li>
            ))}
          </ul>
          <button type="button" className="button primary" onClick={() => location.reload()}>
            Reload
          </button>
        </div>
      )}
      {phase.kind === "running" && (
        <>
          <Canvas />
          <PastNote />
          <PossibilityNote />
        </>
      )}
      <Notices />
    </div>
  );
}
