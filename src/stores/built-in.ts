import { DEFAULT_SCENARIO, isBuiltIn } from "../share/built-in";
import { readQuery } from "../share/query";

/** The text of a built-in scenario. The path is relative to the page, so that it works from any folder of any host. */
export async function loadScenario(name: string): Promise<string> {
  const url = new URL(`scenarios/${name}.yaml`, document.baseURI);
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(
      `${url.pathname}: the server answered ${response.status} ${response.statusText}`,
    );
  return response.text();
}

/** The one that this page opens when nothing else is asked for. */
export function loadBuiltIn(): Promise<string> {
  const { scenario } = readQuery(location.search);
  return loadScenario(isBuiltIn(scenario) ? scenario : DEFAULT_SCENARIO);
}
