import { usePanels } from "../../stores/panels";
import { usePlayback } from "../../stores/playback";
import { usePresent } from "../../stores/present";
import { send, useSession } from "../../stores/session";
import {
  BURST,
  isLoadRunning,
  RATES,
  sendBurst,
  setRate,
  startLoad,
  stopLoad,
  useTraffic,
} from "../../stores/traffic";
import { showDock, showInspector } from "../../stores/view";
import { type Action, need } from "./action";
import { togglePlay } from "./playback";

const group = "Traffic";

const running = need(useSession, ({ phase }) =>
  phase.kind === "running" ? "" : "The cluster is not there yet.",
);
const withTarget = need(useSession, ({ to }) =>
  to.trim() === "" ? "Choose first where to send to." : "",
);
const withLoad = need(useTraffic, (state) => (isLoadRunning(state) ? "" : "No load is running."));
const withoutLoad = need(useTraffic, (state) =>
  isLoadRunning(state) ? "A load is running already." : "",
);

export const sendRequest: Action = {
  id: "traffic.send",
  group,
  label: "Send a request",
  also: "packet follow",
  needs: [running],
  run: () => {
    showInspector("packet");
    return send();
  },
};

/** What Space does. */
export function sendOrToggle(): void {
  void (usePlayback.getState().journey ? togglePlay : sendRequest).run();
}

async function thenShow(order: () => Promise<boolean>): Promise<void> {
  if (!(await order())) return;
  // Who presents has put the dock away.
  if (!usePresent.getState().presenting) usePanels.setState({ dock: true });
  showDock("traffic");
}

export const burst: Action = {
  id: "traffic.burst",
  group,
  label: `Send a burst of ${BURST.count} requests`,
  also: "load 100",
  needs: [running, withTarget],
  run: () => thenShow(sendBurst),
};

export const steadyLoad: Action = {
  id: "traffic.load",
  group,
  label: () => `Start a load at the chosen rate (${useTraffic.getState().perSecond}/s)`,
  needs: [running, withTarget, withoutLoad],
  run: () => thenShow(startLoad),
};

export const endLoad: Action = {
  id: "traffic.stop",
  group,
  label: "Stop the load",
  needs: [withLoad],
  run: stopLoad,
};

export const TRAFFIC_ACTIONS: readonly Action[] = [
  sendRequest,
  burst,
  endLoad,
  steadyLoad,
  ...RATES.map(
    (rate): Action => ({
      id: `traffic.load.${rate}`,
      group,
      label: `Start a load of ${rate} requests/s`,
      also: "steady rate",
      needs: [running, withTarget, withoutLoad],
      run: () => {
        setRate(rate);
        return thenShow(startLoad);
      },
    }),
  ),
];
