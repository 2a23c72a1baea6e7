import type { Plane } from "../dataplane/plane";
import type { KernelCommand } from "./command";
import { badRequest, type CommandResult, DONE } from "./command";

/** What programs on a machine ask of its kernel. Nobody can take it back. */
export function executeKernel(plane: Plane, nowUs: number, command: KernelCommand): CommandResult {
  const { netns: id } = command;
  const netns = plane.find(id);
  if (!netns) return badRequest(`there is no network ${id}`);
  switch (command.type) {
    case "deleteConntrack": {
      const { conntrack } = plane.mutableState(id);
      const wanted = new Set(command.entries);
      for (const entry of [...conntrack.entries()])
        if (wanted.has(entry.id)) conntrack.delete(entry, "conntrack -D", nowUs);
      return DONE;
    }
    case "zeroCounters": {
      const { counters } = plane.mutableState(id);
      const table = plane.ruleset(id)[command.table];
      for (const { name, rules } of table?.chains.values() ?? [])
        if (command.chain === undefined || command.chain === name)
          for (const rule of rules) counters.delete(rule);
      return DONE;
    }
    case "listen": {
      const { listener, open } = command;
      const isSame = (one: typeof listener) =>
        one.protocol === listener.protocol && one.port === listener.port;
      if (open && netns.listeners.some(isSame)) return badRequest("Address already in use");
      const others = netns.listeners.filter((one) => !isSame(one));
      plane.put({ ...netns, listeners: open ? [...others, listener] : others });
      return DONE;
    }
  }
}
