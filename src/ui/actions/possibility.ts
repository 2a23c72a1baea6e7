import { resetPlayback, usePlayback } from "../../stores/playback";
import { send } from "../../stores/session";
import { type Action, need } from "./action";

const group = "What if";

const asPossibility = need(usePlayback, ({ journey }) =>
  journey?.possibility === undefined ? "No possibility is being watched." : "",
);

export const sendPossibility: Action = {
  id: "paths.send",
  group,
  label: "Send the possibility that is watched",
  needs: [asPossibility],
  run: send,
};

export const leavePossibility: Action = {
  id: "paths.leave",
  group,
  label: "Leave the possibility that is watched",
  needs: [asPossibility],
  run: resetPlayback,
};
