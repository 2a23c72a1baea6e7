import { BUILT_IN_SCENARIOS } from "../share/built-in";

export interface BuiltIn {
  readonly name: string;
  readonly text: string;
}

/** By name. */
const loaded = new Map<string, string>();

/** The text of a built-in scenario. The path is relative to the page, so that it works from any folder of any host. */
export async function loadScenario(name: string): Promise<string> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const url = new URL(`scenarios/${name}.yaml`, document.baseURI);
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(
      `${url.pathname}: the server answered ${response.status} ${response.statusText}`,
    );
  const text = await response.text();
  loaded.set(name, text);
  return text;
}

/** The built-in scenario with this very text, so that a link need not carry it. */
export async function findBuiltIn(text: string): Promise<BuiltIn | undefined> {
  for (const { name } of BUILT_IN_SCENARIOS) {
    // Its own name is in it: the others need not be loaded.
    if (!text.includes(`name: ${name}\n`)) continue;
    // One that cannot be had now is not it.
    const candidate = await loadScenario(name).catch(() => undefined);
    if (candidate === text) return { name, text };
  }
  return undefined;
}
