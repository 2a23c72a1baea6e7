import { failure } from "../failure";
import { alignColumns } from "../output/columns";
import { findResourceType } from "../resources";
import type { Kubectl, Verb } from "../verb";

const NOT_MODELLED = "users and RBAC are not modelled here: everything is allowed";

const canI: Verb = {
  name: "auth can-i",
  flags: {
    "all-namespaces": { short: "A" },
    list: {},
    "no-headers": {},
    quiet: { short: "q" },
    subresource: { value: true },
  },
  run: async (kubectl) => {
    const { args, flags } = kubectl;
    if (flags.on("list")) {
      await kubectl.write(alignColumns(flags.on("no-headers") ? RULES : [HEADER, ...RULES]));
      await kubectl.hint(NOT_MODELLED);
      return 0;
    }
    const [verb, resource] = args;
    if (verb === undefined || resource === undefined || args.length > 3)
      throw failure(
        "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
      );
    const warning = warningAbout(kubectl, resource);
    if (warning !== undefined) await kubectl.complain(`Warning: ${warning}\n`);
    if (!flags.on("quiet")) await kubectl.print("yes");
    await kubectl.hint(NOT_MODELLED);
    return 0;
  },
};

const HEADER = ["Resources", "Non-Resource URLs", "Resource Names", "Verbs"];
/** Of somebody in system:masters. */
const RULES = [
  ["*.*", "[]", "[]", "[*]"],
  ["", "[*]", "[]", "[*]"],
];

function warningAbout({ flags }: Kubectl, given: string): string | undefined {
  if (given === "*" || given.startsWith("/")) return undefined;
  const type = findResourceType(given.split("/")[0] ?? "");
  if (!type) return `the server doesn't have a resource type '${given.split("/")[0]}'`;
  if (type.namespaced || flags.on("all-namespaces")) return undefined;
  const group = type.group === "" ? "" : ` in group '${type.group}'`;
  return `resource '${type.plural}' is not namespace scoped${group}`;
}

const whoami: Verb = {
  name: "auth whoami",
  flags: { output: { short: "o", value: true } },
  run: async (kubectl) => {
    const rows = [
      ["ATTRIBUTE", "VALUE"],
      ["Username", "kubehop-admin"],
      ["Groups", "[system:masters system:authenticated]"],
    ];
    await kubectl.write(alignColumns(rows));
    await kubectl.hint(NOT_MODELLED);
    return 0;
  },
};

export const AUTH_VERBS: readonly Verb[] = [canI, whoami];
