import { useEffect } from "react";
import { useSession } from "../../stores/session";
import {
  BURST,
  isLoadRunning,
  RATES,
  sendBurst,
  setRate,
  startLoad,
  stopLoad,
  useTraffic,
  watchTraffic,
} from "../../stores/traffic";
import { showDock } from "../../stores/view";
import "./traffic.css";

/** More than one request: a burst, or a steady load. */
export function LoadControls() {
  const ready = useSession((state) => state.phase.kind === "running" && state.to.trim() !== "");
  const opened = useSession((state) => state.opened);
  const running = useTraffic(isLoadRunning);
  const perSecond = useTraffic((state) => state.perSecond);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run has other counts
  useEffect(watchTraffic, [opened]);
  const run = async (order: () => Promise<boolean>) => {
    if (await order()) showDock("traffic");
  };

  return (
    <fieldset className="load-controls">
      <legend className="visually-hidden">More than one request</legend>
      <button
        type="button"
        className="button"
        disabled={!ready}
        title={`Send ${BURST.count} requests within a second and count who answers`}
        onClick={() => run(sendBurst)}
      >
        {BURST.count}×
        <span className="visually-hidden">: send a burst of {BURST.count} requests</span>
      </button>
      <select
        className="field"
        aria-label="Requests per second of a steady load"
        value={perSecond}
        onChange={(event) => setRate(Number(event.target.value))}
      >
        {RATES.map((rate) => (
          <option key={rate} value={rate}>
            {rate}/s
          </option>
        ))}
      </select>
      {running ? (
        <button type="button" className="button stop" onClick={() => stopLoad()}>
          Stop load
        </button>
      ) : (
        <button
          type="button"
          className="button"
          disabled={!ready}
          title="Send at this rate until stopped (at most 6,000 requests); edit the cluster meanwhile"
          onClick={() => run(startLoad)}
        >
          Start load
        </button>
      )}
    </fieldset>
  );
}
