import { type Attempt, type Distribution, type Outcome, serversOf, shares } from "../compare";
import type { Expectation } from "./expectation";

/** Rules round probabilities to ten digits. */
const ROUNDING = 1e-6;

/** Why what the simulation says, or what the kernel did, is not what the manifests call for. */
export function findUncalledFor(
  { servers, refused, dropped, exact }: Expectation,
  outcomes: readonly Outcome[],
  attempts: readonly Attempt[],
): string | undefined {
  const wanted: Distribution = new Map([
    ...servers,
    ...(refused > 0 ? [["refused", refused] as const] : []),
    ...(dropped > 0 ? [["dropped", dropped] as const] : []),
  ]);
  const stranger = attempts
    .flatMap(({ server, local }) => (server === undefined ? [] : `${server} ${local}`))
    .find((server) => !servers.has(server));
  if (stranger !== undefined)
    return `the manifests call for ${shares(wanted) || "no server"}, and the kernel let ${stranger} answer`;
  const said = serversOf(outcomes);
  const isWrong = exact
    ? [...new Set([...wanted.keys(), ...said.keys()])].some(
        (key) => Math.abs((wanted.get(key) ?? 0) - (said.get(key) ?? 0)) > ROUNDING,
      )
    : outcomes.some(
        ({ server, serverLocal }) => server !== null && !servers.has(`${server} ${serverLocal}`),
      );
  return isWrong
    ? [
        "the manifests call for something else",
        `  manifests: ${shares(wanted)}`,
        `  paths:     ${shares(said)}`,
      ].join("\n")
    : undefined;
}
