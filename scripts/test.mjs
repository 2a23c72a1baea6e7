// npm test: installs what is missing, packages, a browser and programs, then runs every check in order and
// stops at the first that fails.
import { ensureBrowser } from "./browser.mjs";
import { ensurePrograms } from "./debian.mjs";
import { installPackages, run } from "./install.mjs";

const steps = [
  "format:check",
  "lint",
  "typecheck",
  "test:unit",
  "test:kubectl",
  "build",
  "test:kernel",
  "test:e2e",
];

/** Tests that need one of these say so, and are skipped without it. Each with its Debian package. */
const programs = {
  ip: "iproute2",
  "iptables-restore": "iptables",
  ipset: "ipset",
  conntrack: "conntrack",
  "/usr/lib/cni/bridge": "containernetworking-plugins",
  python3: "python3",
  tshark: "tshark",
};

if (installPackages() !== 0) process.exit(1);
const browser = await ensureBrowser();
if (!browser) {
  console.error(
    "No Chromium found, and installing one failed. Install Chromium or Chrome, or name one in KUBEHOP_CHROMIUM.",
  );
  process.exit(1);
}
console.log(`Browser: ${browser}`);
const missing = ensurePrograms(programs);
if (missing.length > 0) console.log(`Not installed: ${missing.join(", ")}.`);

for (const step of steps) {
  const startedAt = Date.now();
  console.log(`\n=== ${step}`);
  if (run("npm", ["run", "--silent", step]) !== 0) {
    console.error(`\n${step} failed. To repeat just this: npm run ${step}`);
    process.exit(1);
  }
  console.log(`=== ${step} passed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}
