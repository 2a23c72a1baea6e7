import { dismissAll, useNotices } from "../../stores/notices";
import { type Action, need } from "./action";
import { CHECK_ACTIONS } from "./checks";
import { DIALOG_ACTIONS } from "./dialogs";
import { ADD_ACTIONS } from "./edits";
import { endActions } from "./ends";
import { exportActions } from "./exports";
import { HISTORY_ACTIONS, stepActions } from "./history";
import { hopActions, PLAYBACK_ACTIONS } from "./playback";
import { RULES_ACTIONS } from "./rules";
import { SCENARIO_ACTIONS, suggestionActions } from "./scenarios";
import { SHARE_ACTIONS } from "./sharing";
import { TERMINAL_ACTIONS } from "./terminal";
import { TRAFFIC_ACTIONS } from "./traffic";
import { VIEW_ACTIONS } from "./view";
import { WHAT_IF_ACTIONS, wayActions } from "./what-if";
import { whyActions } from "./why";
import { WORKSPACE_ACTIONS } from "./workspaces";

const closeNotices: Action = {
  id: "notices.close",
  group: "View",
  label: "Close all notices",
  also: "dismiss messages",
  needs: [need(useNotices, ({ notices }) => (notices.length > 0 ? "" : "There are none."))],
  run: dismissAll,
};

/** What can be done whatever the cluster is like, in the order in which it is offered. */
export const STANDING_ACTIONS: readonly Action[] = [
  ...TRAFFIC_ACTIONS,
  ...PLAYBACK_ACTIONS,
  ...CHECK_ACTIONS,
  ...WHAT_IF_ACTIONS,
  ...HISTORY_ACTIONS,
  ...ADD_ACTIONS,
  ...SHARE_ACTIONS,
  ...DIALOG_ACTIONS,
  ...RULES_ACTIONS,
  ...SCENARIO_ACTIONS,
  ...WORKSPACE_ACTIONS,
  ...TERMINAL_ACTIONS,
  ...VIEW_ACTIONS,
  closeNotices,
];

/** What can be done besides because of what there is now. */
export function currentActions(): readonly Action[] {
  return [
    ...whyActions(),
    ...suggestionActions(),
    ...exportActions(),
    ...wayActions(),
    ...hopActions(),
    ...stepActions(),
    ...endActions(),
  ];
}
