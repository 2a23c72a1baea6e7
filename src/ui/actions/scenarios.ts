import { BUILT_IN_SCENARIOS } from "../../share/built-in";
import { loadScenario } from "../../stores/built-in";
import { useMirror } from "../../stores/mirror";
import { notify } from "../../stores/notices";
import { usePanels } from "../../stores/panels";
import { usePresent } from "../../stores/present";
import { describeError, openScenario, useSession } from "../../stores/session";
import { endsOf, suggestionsIn, useTryList, withPod } from "../../stores/suggestions";
import { runInTerminal } from "../../stores/terminals";
import { openDialog, useView } from "../../stores/view";
import { useWorkspaces } from "../../stores/workspaces";
import type { Suggestion } from "../../worker/protocol";
import { type Action, need, perform } from "./action";
import { sendRequest } from "./traffic";

const group = "Scenarios";
const TRY = "Try";

export const openGallery: Action = {
  id: "dialog.gallery",
  group,
  label: "Scenarios: the gallery …",
  also: "examples built-in lessons open new workspace",
  keys: [{ key: "g" }],
  run: () => openDialog("gallery"),
};

export const openSettings: Action = {
  id: "dialog.settings",
  group,
  label: "Scenario settings …",
  also: "cni pod network bridge vxlan calico aws multus cloud nat gateway seed addons kube-proxy rebuild",
  run: () => openDialog("settings"),
};

export const toggleTryList: Action = {
  id: "view.try",
  group: TRY,
  label: () => (useTryList.getState().open ? "Put away what to try" : "Show what to try"),
  also: "suggestions scenario description",
  keys: [{ key: "t" }],
  needs: [
    need(useMirror, ({ records }) =>
      suggestionsIn(records).length > 0 ? "" : "This scenario suggests nothing.",
    ),
  ],
  run: () => {
    // On a phone it is a tab of the sheet.
    useView.setState({ sheetTab: "try" });
    const { objects } = usePanels.getState();
    const isSeen = objects && useTryList.getState().open;
    useTryList.setState({ open: !isSeen });
    if (!isSeen) usePanels.setState({ objects: true });
  },
};

function scenarioActionId(name: string): string {
  return `scenario.${name}`;
}

export const openScenarioActions: Readonly<Record<string, Action>> = Object.fromEntries(
  BUILT_IN_SCENARIOS.map(({ name, title }) => [
    name,
    {
      id: scenarioActionId(name),
      group,
      label: `Open the scenario “${title}”`,
      also: `built-in load ${name}`,
      // Where nothing can be kept, the gallery says so first.
      run: () => (useWorkspaces.getState().problem ? openDialog("gallery") : openBuiltIn(name)),
    },
  ]),
);

/** Opens a scenario beside what was open, which stays in its workspace when something was done there. */
export async function openBuiltIn(name: string): Promise<void> {
  const text = await loadScenario(name);
  const { keeper } = await import("../../stores/workspaces-desk");
  await keeper.leave();
  const { errors } = await openScenario(text);
  if (errors.length > 0) {
    notify("error", "It cannot be opened.", errors.map(describeError));
    return;
  }
  useTryList.setState({ open: true });
  useView.setState({ sheetTab: "try" });
  if (!usePresent.getState().presenting) usePanels.setState({ objects: true });
}

/** Sends what is suggested, or runs it in a terminal. */
export function trySuggestion(one: Suggestion): void {
  const { records } = useMirror.getState();
  if ("command" in one) {
    runInTerminal(one.command, withPod(one.from ?? "laptop", records));
    return;
  }
  useSession.setState({ url: "", ...endsOf(one, records) });
  perform(sendRequest);
}

export function suggestionId(index: number): string {
  return `try.${index + 1}`;
}

/** What the open scenario suggests. */
export function suggestionActions(): readonly Action[] {
  return suggestionsIn(useMirror.getState().records).map(
    (one, index): Action => ({
      id: suggestionId(index),
      group: TRY,
      label: `Try: ${one.title}`,
      also: "suggestion",
      run: () => trySuggestion(one),
    }),
  );
}

export const SCENARIO_ACTIONS: readonly Action[] = [
  openGallery,
  openSettings,
  toggleTryList,
  ...Object.values(openScenarioActions),
];
