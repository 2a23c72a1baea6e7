import { create } from "zustand";
import type { Kind, LabelSelector, ObjectKey } from "../core/api/types";
import type { Command } from "../worker/protocol";
import { LOCKED_TEXT, useAccess } from "./access";
import { notify } from "./notices";
import { usePanels } from "./panels";
import { useSelection } from "./selection";
import { useSession } from "./session";
import { showInspector } from "./view";

/** Kinds that have a form. */
export const FORM_KINDS = [
  "Service",
  "Ingress",
  "Deployment",
  "Pod",
  "ReplicaSet",
  "DaemonSet",
  "EndpointSlice",
  "Node",
  "Namespace",
  "Host",
  "SecurityGroup",
] as const satisfies readonly Kind[];
export type FormKind = (typeof FORM_KINDS)[number];

export function isFormKind(kind: string): kind is FormKind {
  return FORM_KINDS.some((one) => one === kind);
}

/** What a form begins with. */
export interface Preset {
  readonly node?: string;
  readonly zone?: "internet" | "vpc";
  /** What a security group is for: `node/NAME`, `host/NAME`, `lb/NAMESPACE/NAME`. */
  readonly attachedTo?: string;
}

export type FormRequest =
  | { readonly id: number; readonly kind: FormKind; readonly preset: Preset }
  | { readonly id: number; readonly key: ObjectKey };

interface EditState {
  /** The form that is open, in the inspector's Object tab. */
  readonly form: FormRequest | null;
  /** It holds what is nowhere else. */
  readonly dirty: boolean;
  /** Pods that the selector being typed would match. */
  readonly matching: readonly ObjectKey[];
  readonly showsCommands: boolean;
}

export const useEdit = create<EditState>(() => ({
  form: null,
  dirty: false,
  matching: [],
  showsCommands: false,
}));

let lastForm = 0;

export function addObject(kind: FormKind, preset: Preset = {}): void {
  openForm({ id: ++lastForm, kind, preset });
}

export function changeObject(key: ObjectKey): void {
  if (useSelection.getState().selected !== key) useSelection.getState().select(key);
  openForm({ id: ++lastForm, key });
}

function openForm(form: FormRequest): void {
  if (useAccess.getState().locked) return void notify("info", LOCKED_TEXT);
  usePanels.setState({ inspector: true });
  useEdit.setState({ form, dirty: false, matching: [] });
  showInspector("object");
}

export function closeForm(): void {
  useEdit.setState({ form: null, dirty: false, matching: [] });
}

export function setDirty(dirty: boolean): void {
  useEdit.setState({ dirty });
}

export function toggleCommands(): void {
  useEdit.setState(({ showsCommands }) => ({ showsCommands: !showsCommands }));
}

/** Whoever selects something else wants to see that, unless a form would lose what was typed. */
useSelection.subscribe(({ asked }, before) => {
  const { form, dirty } = useEdit.getState();
  if (asked !== before.asked && form && !dirty) closeForm();
});

/** Another run: the form was about the one before. */
useSession.subscribe(({ opened }, before) => {
  if (opened !== before.opened) closeForm();
});

let latestQuestion = 0;

/** Marks the pods that a selector matches now; null marks none. */
export async function markMatching(
  namespace: string,
  selector: LabelSelector | null,
): Promise<readonly ObjectKey[]> {
  const question = ++latestQuestion;
  const { simulation } = useSession.getState();
  const matching = selector && simulation ? await simulation.podsMatching(namespace, selector) : [];
  if (question === latestQuestion) useEdit.setState({ matching });
  return matching;
}

/** What the API server would say to a command. */
export async function rehearse(command: Command) {
  return useSession.getState().simulation?.rehearse(command);
}
