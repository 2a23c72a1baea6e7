import { useSession } from "../../stores/session";
import { openDialog } from "../../stores/view";
import { shownNode } from "../dock/NodeBar";
import { downloadText } from "../share/download";
import { type Action, need } from "./action";

const group = "Rules";

const withNode = need(useSession, ({ simulation }) =>
  simulation && shownNode() !== "" ? "" : "There is no node.",
);

export const pasteRules: Action = {
  id: "rules.paste",
  group,
  label: () => `Paste rules into ${shownNode()} …`,
  also: "iptables-restore iptables-save real node import",
  edits: true,
  needs: [withNode],
  run: () => openDialog("rules"),
};

export const saveRules: Action = {
  id: "rules.save",
  group,
  label: () => `Save the rules of ${shownNode()} as a file`,
  also: "iptables-save export download",
  needs: [withNode],
  run: save,
};

async function save(): Promise<void> {
  const node = shownNode();
  const { simulation } = useSession.getState();
  if (simulation) downloadText(`${node}.iptables-save`, await simulation.rulesText(node));
}

export const RULES_ACTIONS: readonly Action[] = [pasteRules, saveRules];
