// npm start: installs what is missing, builds, serves the result, prints the address.
import { installPackages, root, run } from "./install.mjs";

if (installPackages() !== 0) process.exit(1);
if (run("npx", ["vite", "build", "--logLevel", "warn"]) !== 0) process.exit(1);

const { preview } = await import("vite");
// A port that is taken is skipped for the next one.
const server = await preview({ root, preview: { port: 4173, host: "127.0.0.1" } });
const address = server.resolvedUrls?.local[0];
console.log(`\n  kubehop is at ${address}\n  Stop with Ctrl+C.\n`);
