import { useAutoFollow } from "../../stores/auto-follow";
import { closeShownTerminal, openTerminalAt } from "../../stores/terminals";
import type { Action } from "./action";

const group = "Terminal";

export const newTerminal: Action = {
  id: "terminal.open",
  group,
  label: "New terminal on the laptop",
  also: "shell console kubectl bash open",
  run: () => openTerminalAt("laptop"),
};

export const closeTerminal: Action = {
  id: "terminal.close",
  group,
  label: "Close this terminal",
  also: "shell console exit end",
  run: closeShownTerminal,
};

export const followCommands: Action = {
  id: "terminal.follow",
  group,
  label: () =>
    useAutoFollow.getState().on ? "Stop following what commands send" : "Follow what commands send",
  also: "shell console packet automatically switch",
  run: () => {
    const { on, set } = useAutoFollow.getState();
    set(!on);
  },
};

export const TERMINAL_ACTIONS: readonly Action[] = [newTerminal, closeTerminal, followCommands];
