import { readFileSync } from "node:fs";
import { bootScenario } from "../../src/scenario/boot";
import { ApiServerDouble } from "./api-server";

/** Serves a settled scenario to a real kubectl, for looking: `tsx e2e/kubectl/serve.ts [FILE]`. */
const booted = bootScenario(
  readFileSync(process.argv[2] ?? "public/scenarios/default.yaml", "utf8"),
);
if (!booted.ok) throw new Error(booted.errors.map(({ message }) => message).join("\n"));
booted.world.settle();
booted.world.begin();
const url = await new ApiServerDouble(booted.world).listen();
process.stdout.write(`kubectl --server ${url}\n`);
