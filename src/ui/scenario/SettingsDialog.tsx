import { type FormEvent, useEffect, useState } from "react";
import { openScenario, useSession } from "../../stores/session";
import { REPLACED_TEXT, useWorkspaces } from "../../stores/workspaces";
import type { DocumentError } from "../../worker/protocol";
import type { ScenarioSettings } from "../../worker/scenario-protocol";
import { Dialog } from "../parts/Dialog";
import "./settings.css";

const CNIS: Readonly<Record<ScenarioSettings["cni"], string>> = {
  bridge: "bridge: a bridge on each node, routes between nodes",
  vxlan: "vxlan: tunnels between nodes, as flannel",
  calico: "calico: a route for each pod",
  "aws-vpc": "aws-vpc: addresses of the VPC",
};
const POD_ROUTES: Readonly<Record<ScenarioSettings["podRoutes"], string>> = {
  nodes: "nodes: each node has routes to the others",
  vpc: "vpc: the VPC’s route table has them",
};
const CLOUDS: Readonly<Record<ScenarioSettings["cloud"], string>> = {
  aws: "aws: load balancers with a hostname",
  ip: "ip: load balancers with an address",
  none: "none: LoadBalancer stays pending",
};
const ADDONS: Readonly<Record<ScenarioSettings["addons"][number], string>> = {
  kubernetes: "API server and kube-proxy",
  coredns: "CoreDNS",
};

/** How the cluster is set up. Other settings make another cluster of the same objects, beside this one. */
export default function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const simulation = useSession((state) => state.simulation);
  const busy = useSession((state) => state.busy !== "");
  const notKept = useWorkspaces((state) => state.problem !== null);
  const [settings, setSettings] = useState<ScenarioSettings>();
  const [errors, setErrors] = useState<readonly DocumentError[]>([]);
  useEffect(() => {
    let wanted = true;
    simulation?.scenarioSettings().then(
      (answer) => wanted && setSettings(answer),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [simulation]);
  if (!settings) return null;
  const set = (change: Partial<ScenarioSettings>) => setSettings({ ...settings, ...change });

  async function rebuild(event: FormEvent) {
    event.preventDefault();
    if (!simulation || !settings) return;
    const opened = await openScenario(await simulation.rebuiltScenario(settings));
    setErrors(opened.errors);
    if (opened.errors.length === 0) onClose();
  }

  return (
    <Dialog title="Scenario settings" onClose={onClose}>
      <form className="dialog-body scenario-settings" onSubmit={rebuild}>
        <p className="muted">
          Nodes, hosts, Services and workloads stay as they are; the cluster under them is built
          anew, beside this one. Pods start again and get other addresses.
        </p>
        <Text label="Title" value={settings.title} onChange={(title) => set({ title })} />
        <Choice
          label="Pod network (CNI)"
          options={CNIS}
          value={settings.cni}
          onChange={(cni) => set({ cni })}
        />
        <Switch
          label="Multus: further networks for pods that ask for them"
          value={settings.multus}
          onChange={(multus) => set({ multus })}
        />
        <Choice
          label="Routes to pods"
          options={POD_ROUTES}
          value={settings.podRoutes}
          onChange={(podRoutes) => set({ podRoutes })}
          disabled={settings.cni !== "bridge"}
        />
        <Choice
          label="Cloud"
          options={CLOUDS}
          value={settings.cloud}
          onChange={(cloud) => set({ cloud })}
        />
        <Text
          label="NAT gateway"
          hint="a public address; empty: none"
          value={settings.natGateway}
          onChange={(natGateway) => set({ natGateway: natGateway.trim() })}
        />
        <Text
          label="Pod addresses (clusterCIDR)"
          value={settings.clusterCIDR}
          onChange={(clusterCIDR) => set({ clusterCIDR: clusterCIDR.trim() })}
        />
        <Text
          label="Service addresses (serviceCIDR)"
          value={settings.serviceCIDR}
          onChange={(serviceCIDR) => set({ serviceCIDR: serviceCIDR.trim() })}
        />
        <Text
          label="Seed"
          value={String(settings.seed)}
          onChange={(text) => set({ seed: Number(text.replace(/\D/g, "").slice(0, 15)) })}
        />
        <fieldset>
          <legend>What the cluster brings</legend>
          {keysOf(ADDONS).map((addon) => (
            <Switch
              key={addon}
              label={ADDONS[addon]}
              value={settings.addons.includes(addon)}
              onChange={(on) =>
                set({
                  addons: keysOf(ADDONS).filter((one) =>
                    one === addon ? on : settings.addons.includes(one),
                  ),
                })
              }
            />
          ))}
        </fieldset>
        <fieldset>
          <legend>kube-proxy (mode iptables)</legend>
          <Switch
            label="masqueradeAll: hide every client of a clusterIP"
            value={settings.masqueradeAll}
            onChange={(masqueradeAll) => set({ masqueradeAll })}
          />
          <Switch
            label="localhostNodePorts: NodePorts on 127.0.0.1"
            value={settings.localhostNodePorts}
            onChange={(localhostNodePorts) => set({ localhostNodePorts })}
          />
        </fieldset>
        {errors.length > 0 && (
          <ul className="errors" role="alert">
            {errors.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        )}
        {notKept && <p className="note">{REPLACED_TEXT}</p>}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            Build this cluster
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldProps<T> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

function Text({ label, hint, value, onChange }: FieldProps<string> & { readonly hint?: string }) {
  return (
    <label>
      <span>{label}</span>
      <input
        className="field"
        value={value}
        placeholder={hint}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

function Choice<K extends string>({
  label,
  options,
  value,
  onChange,
  disabled = false,
}: FieldProps<K> & {
  readonly options: Readonly<Record<K, string>>;
  readonly disabled?: boolean;
}) {
  return (
    <label>
      <span>{label}</span>
      <select
        className="field"
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value as K)}
      >
        {keysOf(options).map((key) => (
          <option key={key} value={key}>
            {options[key]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Switch({ label, value, onChange }: FieldProps<boolean>) {
  return (
    <label className="switch">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}

function keysOf<K extends string>(record: Readonly<Record<K, string>>): readonly K[] {
  return Object.keys(record) as K[];
}
