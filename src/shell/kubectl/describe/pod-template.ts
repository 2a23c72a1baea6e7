import { fieldOf, isList } from "../../../core/api/json";
import type { PodTemplate, Toleration } from "../../../core/api/types";
import { describeContainers } from "./containers";
import { DescribeWriter } from "./writer";

/** Raw, with its tabs: `rollout history --revision` prints it like this. */
export function describePodTemplate(template: PodTemplate): string {
  const writer = new DescribeWriter();
  writer.line(0, "Pod Template:");
  const { labels, annotations = {} } = template.metadata ?? {};
  listed(writer, "  Labels", labels, "=");
  if (Object.keys(annotations).length > 0) listed(writer, "  Annotations", annotations, ": ");
  const { spec } = template;
  const account = fieldOf(spec, "serviceAccountName");
  if (typeof account === "string" && account !== "") writer.raw(`  Service Account:\t${account}\n`);
  if (spec.initContainers?.length)
    describeContainers(writer, "Init Containers", spec.initContainers, undefined, "  ");
  describeContainers(writer, "Containers", spec.containers, undefined, "  ");
  describeVolumes(writer, spec, "  ");
  nodeSelectors(writer, "  Node-Selectors", spec.nodeSelector);
  tolerations(writer, "  Tolerations", spec.tolerations);
  return writer.text;
}

function listed(
  writer: DescribeWriter,
  title: string,
  values: Readonly<Record<string, string>> | undefined,
  separator: string,
): void {
  const items = Object.entries(values ?? {}).map(([key, value]) => `${key}${separator}${value}`);
  lines(writer, title, items.sort());
}

function lines(writer: DescribeWriter, title: string, items: readonly string[]): void {
  if (items.length === 0) writer.raw(`${title}:\t<none>\n`);
  for (const [index, item] of items.entries())
    writer.raw(index === 0 ? `${title}:\t${item}\n` : `\t${item}\n`);
}

/** Kind of a volume by its field; its details are not modelled and named as they are. */
export function describeVolumes(writer: DescribeWriter, spec: object, space: string): void {
  const volumes = fieldOf(spec, "volumes");
  if (!isList(volumes) || volumes.length === 0) {
    writer.raw(`${space}Volumes:\t<none>\n`);
    return;
  }
  writer.raw(`${space}Volumes:\n`);
  for (const volume of volumes) {
    writer.raw(`${space} ${space === "" ? " " : ""}${String(fieldOf(volume, "name"))}:\n`);
    const kind = Object.keys(volume as object).find((key) => key !== "name") ?? "emptyDir";
    writer.raw(`${space}    Type:\t${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}\n`);
  }
}

export function nodeSelectors(
  writer: DescribeWriter,
  title: string,
  selector: Readonly<Record<string, string>> | undefined,
): void {
  listed(writer, title, selector, "=");
}

/** Source: describe.go, printTolerations. */
export function tolerations(
  writer: DescribeWriter,
  title: string,
  list: readonly Toleration[] | undefined,
): void {
  const byKey = [...(list ?? [])].sort((a, b) => compare(a.key ?? "", b.key ?? ""));
  const items = byKey.map(
    ({ key = "", value = "", effect = "", operator = "Equal", tolerationSeconds }) => {
      let text = key;
      if (value !== "") text += `=${value}`;
      if (effect !== "") text += `:${effect}`;
      if (operator === "Exists" && value === "")
        text += key !== "" || effect !== "" ? " op=Exists" : "op=Exists";
      if (tolerationSeconds !== undefined) text += ` for ${tolerationSeconds}s`;
      return text;
    },
  );
  lines(writer, title, items);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
