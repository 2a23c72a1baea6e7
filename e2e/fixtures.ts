import { test as base, expect as baseExpect } from "@playwright/test";

/** What controllers do takes virtual seconds, and a busy machine takes longer. */
export const expect = baseExpect.configure({ timeout: 10_000 });

/** Every page of a test, popups included, must stay free of console errors and uncaught exceptions. */
export const test = base.extend({
  context: async ({ context }, use) => {
    const problems: string[] = [];
    context.on("console", (message) => {
      if (message.type() !== "error") return;
      problems.push(`console.error: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (event) => problems.push(`uncaught: ${event.error()}`));
    await use(context);
    expect(problems, "errors in the browser").toEqual([]);
  },
});
