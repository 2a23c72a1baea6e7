import { matchesSelector } from "../core/api/labels";
import type { World } from "../core/cluster/world";
import { HeadlessTerminal } from "../shell/headless";
import { needsMore } from "../shell/language/parse";
import { LAPTOP, type Place, parsePlace } from "../shell/place";
import { placeFacts } from "../shell/place-facts";
import { onlyFile, parseArguments } from "./arguments";
import { loadSettled, readText } from "./load";
import { UserError } from "./user-error";

/** `sh FILE`: the terminal without a screen. */
export async function sh(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArguments(args, {
    on: { type: "string" },
    command: { type: "list", short: "c" },
    json: { type: "boolean" },
    "no-settle": { type: "boolean" },
  });
  const world = loadSettled(onlyFile(positionals));
  const place = placeOf(values.on, world);
  const facts = placeFacts(place, world);
  if ("error" in facts) throw new UserError(facts.error);
  const commands = values.command ?? commandsOf(readText("/dev/stdin"));
  const terminal = new HeadlessTerminal(world, {
    place,
    noSettle: values["no-settle"] ?? false,
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    ...(!values.json && {
      onOutput: (stream, text) => {
        process[stream].write(text);
      },
    }),
  });
  const runs = [];
  let last = 0;
  for (const command of commands) {
    if (terminal.terminal.closed) break;
    const run = await terminal.run(command);
    last = run.exitCode;
    runs.push(run);
  }
  if (values.json) process.stdout.write(`${JSON.stringify(runs, null, 2)}\n`);
  return values.json ? 0 : last;
}

/** `deploy/NS/NAME` is its first pod. */
function podOfDeployment(text: string, world: World): string {
  const [kind, namespace = "", name = "", ...rest] = text.split("/");
  if ((kind !== "deploy" && kind !== "deployment") || rest.length > 0) return text;
  const deployment = world.store.find("Deployment", namespace, name);
  if (!deployment) throw new UserError(`deployments.apps "${name}" not found`);
  const { selector } = deployment.spec;
  for (const { metadata } of world.store.list("Pod"))
    if (metadata.namespace === namespace && matchesSelector(selector, metadata.labels))
      return `pod/${namespace}/${metadata.name}`;
  throw new UserError(`deployments.apps "${name}" has no pod`);
}

/** `pod/ns/name` is its first container. */
function placeOf(text: string | undefined, world: World): Place {
  if (text === undefined) return LAPTOP;
  const place = parsePlace(podOfDeployment(text, world));
  if (!place)
    throw new UserError(
      `"${text}" is not a place: use laptop, pod/NS/NAME[/CONTAINER], deploy/NS/NAME, node/NAME or host/NAME`,
    );
  if (place.kind !== "pod" || place.container !== "") return place;
  const pod = world.store.find("Pod", place.namespace, place.name);
  return { ...place, container: pod?.spec.containers[0]?.name ?? "" };
}

/** Lines of a script, with those that belong together in one. */
function commandsOf(text: string): readonly string[] {
  const commands: string[] = [];
  let open = "";
  for (const line of text.split("\n")) {
    const whole = open === "" ? line : `${open}\n${line}`;
    if (whole.trim() === "" || (open === "" && line.trimStart().startsWith("#"))) continue;
    if (needsMore(whole)) open = whole;
    else {
      commands.push(whole);
      open = "";
    }
  }
  return open === "" ? commands : [...commands, open];
}
