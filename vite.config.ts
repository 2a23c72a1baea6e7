import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { scenarioDescriptions } from "./scripts/scenario-descriptions.mjs";

export default defineConfig({
  // Relative, so that the build works from any folder of any static host.
  base: "./",
  // No fallback to index.html: a file that is missing is a 404 here too, as on a static host.
  appType: "mpa",
  plugins: [react(), scenarioDescriptions()],
  worker: {
    format: "es",
    // scripts/budget.mjs knows workers by this name.
    rolldownOptions: { output: { entryFileNames: "assets/worker-[name]-[hash].js" } },
  },
  build: {
    target: "es2022",
    sourcemap: false,
    chunkSizeWarningLimit: 800,
    // One style sheet: each that comes later makes the browser look at every element of the page again.
    cssCodeSplit: false,
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}", "scripts/**/*.test.ts", "e2e/**/*.test.ts"],
    // No test is timed: a busy machine is slow, not wrong.
    testTimeout: 60_000,
  },
});
