import { useEffect } from "react";
import { useSession } from "../../stores/session";
import {
  BURST,
  isLoadRunning,
  RATES,
  setRate,
  useTraffic,
  watchTraffic,
} from "../../stores/traffic";
import { ActionButton } from "../actions/ActionButton";
import { burst, endLoad, steadyLoad } from "../actions/traffic";
import "./traffic.css";

/** More than one request: a burst, or a steady load. */
export function LoadControls() {
  const opened = useSession((state) => state.opened);
  const running = useTraffic(isLoadRunning);
  const perSecond = useTraffic((state) => state.perSecond);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run has other counts
  useEffect(watchTraffic, [opened]);

  return (
    <fieldset className="load-controls">
      <legend className="visually-hidden">More than one request</legend>
      <ActionButton
        action={burst}
        hint={`Send ${BURST.count} requests within a second and count who answers`}
      >
        {BURST.count}×
        <span className="visually-hidden">: send a burst of {BURST.count} requests</span>
      </ActionButton>
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
        <ActionButton action={endLoad} className="button stop">
          Stop load
        </ActionButton>
      ) : (
        <ActionButton
          action={steadyLoad}
          hint="Send at this rate until stopped (at most 6,000 requests); edit the cluster meanwhile"
        >
          Start load
        </ActionButton>
      )}
    </fieldset>
  );
}
