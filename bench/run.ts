// npm run bench [-- WORD…]: runs the bench/*.bench.ts whose file name contains a WORD, or all.
import { readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Bench } from "./bench";

const folder = dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((file) => file.endsWith(".bench.ts"))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  console.error("No bench/*.bench.ts to run.");
  process.exit(1);
}

const memoryGb = Math.round(totalmem() / 1e9);
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}, ${memoryGb} GB, ${new Date().toISOString().slice(0, 10)}`,
);
for (const file of files) {
  console.log(`\n${file.replace(".bench.ts", "")}`);
  const { default: bench } = (await import(pathToFileURL(`${folder}/${file}`).href)) as {
    default: Bench;
  };
  for (const { name, value, unit } of await bench()) {
    console.log(`  ${name.padEnd(48)} ${formatValue(value).padStart(14)} ${unit}`);
  }
}

function formatValue(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : 3;
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
