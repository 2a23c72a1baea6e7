import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { BUILT_IN_SCENARIOS } from "./built-in";
import { formatQuery, readQuery } from "./query";

test("options of the page come back from its address", () => {
  const options = {
    embed: true,
    hide: ["objects", "dock"],
    theme: "dark",
    scenario: "lesson",
  } as const;
  expect(formatQuery(options)).toBe("?embed=1&scenario=lesson&theme=dark&hide=objects,dock");
  expect(readQuery(formatQuery(options))).toEqual(options);
  expect(formatQuery({ scenario: "default", hide: [] })).toBe("");
  expect(formatQuery({ hide: ["objects", "dock", "inspector"] })).toBe("?hide=all");
});

test("what is not understood is as if it were not there", () => {
  expect(readQuery("?embed=yes&hide=all&scenario=")).toEqual({
    embed: false,
    hide: ["objects", "dock", "inspector"],
    scenario: "default",
  });
  expect(readQuery("?hide=walls,dock&debug")).toMatchObject({ hide: ["dock"] });
});

test("the list of built-in scenarios is the folder's, with their titles", () => {
  const files = readdirSync("public/scenarios").filter((file) => file.endsWith(".yaml"));
  expect(BUILT_IN_SCENARIOS.map(({ name }) => `${name}.yaml`).sort()).toEqual(files.sort());
  for (const { name, title } of BUILT_IN_SCENARIOS) {
    const text = readFileSync(`public/scenarios/${name}.yaml`, "utf8");
    const scenario = parseAllDocuments(text).find((one) => one.get("kind") === "Scenario");
    expect(scenario?.getIn(["spec", "title"]), name).toBe(title);
    expect(scenario?.getIn(["metadata", "name"])).toBe(name);
  }
});
