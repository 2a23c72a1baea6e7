import type { KubeObject, SecurityGroup, SecurityGroupRule } from "../../core/api/types";
import { useAccess } from "../../stores/access";
import { addObject, changeObject } from "../../stores/edit";
import { type MirrorRecords, objectsOf } from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import { isAttached } from "../../stores/security-groups";
import { useSelection } from "../../stores/selection";
import { addActions } from "../actions/edits";
import { objectActionId } from "../actions/object-id";
import { Icon } from "../parts/Icon";
import { ScrollBox } from "../parts/ScrollBox";
import "./small-table.css";

interface SecurityGroupsProps {
  readonly object: KubeObject;
  readonly records: MirrorRecords;
}

/** The firewall at a machine's network card, or what a group itself lets through. */
export function SecurityGroups({ object, records }: SecurityGroupsProps) {
  const locked = useAccess((state) => state.locked);
  if (object.kind === "SecurityGroup") return <Rules group={object} />;
  const machine = machineOf(object, records);
  if (machine === undefined) return null;
  const groups = objectsOf(records, "SecurityGroup").filter((one) => isAttached(one, machine));
  return (
    <section aria-label="Security groups">
      <h3>Security groups</h3>
      {groups.length === 0 && <p className="muted">None: everything may come in and go out.</p>}
      {groups.map((group) => (
        <div key={group.metadata.name} className="group-at">
          <p className="group-head">
            <button
              type="button"
              className="link"
              onClick={() => useSelection.getState().select(keyOf(group))}
            >
              {group.metadata.name}
            </button>
            {!locked && (
              <button
                type="button"
                className="button small"
                data-action={objectActionId(keyOf(group), "edit")}
                onClick={() => changeObject(keyOf(group))}
              >
                <Icon name="edit" size={12} /> Rules …
              </button>
            )}
          </p>
          <Rules group={group} />
        </div>
      ))}
      {!locked && (
        <button
          type="button"
          className="button small"
          data-action={addActions.SecurityGroup.id}
          onClick={() => addObject("SecurityGroup", { attachedTo: machine })}
        >
          <Icon name="plus" size={12} /> Security group …
        </button>
      )}
    </section>
  );
}

/** What a group can be attached to: the VPC's machines, and load balancers. */
function machineOf(object: KubeObject, records: MirrorRecords): string | undefined {
  const { namespace, name } = object.metadata;
  if (object.kind === "Node") return `node/${name}`;
  if (object.kind === "Host") return object.spec.zone === "vpc" ? `host/${name}` : undefined;
  const isBalanced = object.kind === "Service" && records.has(`loadBalancer/${namespace}/${name}`);
  return isBalanced ? `lb/${namespace}/${name}` : undefined;
}

function Rules({ group }: { readonly group: SecurityGroup }) {
  const { ingress = [], egress } = group.spec;
  return (
    <ScrollBox label={`Rules of ${group.metadata.name}`}>
      <table className="small-table">
        <thead>
          <tr>
            <th scope="col">Way</th>
            <th scope="col">What</th>
            <th scope="col">Other side</th>
          </tr>
        </thead>
        <tbody>
          {distinct(ingress).map(([key, rule]) => (
            <RuleRow key={key} way="in" rule={rule} />
          ))}
          {ingress.length === 0 && (
            <tr>
              <td>in</td>
              <td colSpan={2}>nothing, save answers</td>
            </tr>
          )}
          {distinct(egress ?? []).map(([key, rule]) => (
            <RuleRow key={key} way="out" rule={rule} />
          ))}
          {(egress?.length ?? 0) === 0 && (
            <tr>
              <td>out</td>
              <td colSpan={2}>{egress ? "nothing, save answers" : "everything"}</td>
            </tr>
          )}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function RuleRow({ way, rule }: { readonly way: "in" | "out"; readonly rule: SecurityGroupRule }) {
  const { sourceGroup, cidr, description } = rule;
  return (
    <tr title={description}>
      <td>{way}</td>
      <td className="mono">{whatOf(rule)}</td>
      <td className="mono">{sourceGroup === undefined ? cidr : `group ${sourceGroup}`}</td>
    </tr>
  );
}

/** A rule that is there twice lets through no more than once. */
function distinct(rules: readonly SecurityGroupRule[]): readonly [string, SecurityGroupRule][] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule]))];
}

function whatOf({ protocol, fromPort, toPort }: SecurityGroupRule): string {
  if (fromPort === undefined || fromPort === -1)
    return protocol === "all" ? "all" : `${protocol} all`;
  if (protocol === "ICMP")
    return `ICMP type ${fromPort}${toPort === undefined || toPort < 0 ? "" : ` code ${toPort}`}`;
  return `${protocol} ${fromPort}${toPort === undefined || toPort === fromPort ? "" : `–${toPort}`}`;
}
