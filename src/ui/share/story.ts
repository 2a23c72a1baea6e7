import { FOLLOW_LABELS } from "../../stores/follow";
import type { Follow, HopView, JourneyView } from "../../worker/protocol";
import { hopTitle } from "../inspector/hop-words";
import { clockText, keyText, placeText } from "../parts/describe";

export interface Story {
  readonly title: string;
  readonly journey: JourneyView;
  readonly follow: Follow;
  /** The hops that are followed. */
  readonly hops: readonly HopView[];
  /** Whose an address is. */
  readonly podOf: (ip: string) => string | undefined;
}

/** The followed packet's way in plain words: for a report, or for a screen reader. */
export function storyAsMarkdown(story: Story): string {
  const { title, hops } = story;
  const steps = hops.map(
    (hop, index) =>
      `${index + 1}. **${hopTitle(hop, story.podOf)}** (${hop.node}, ${clockText(hop.atUs)})\n` +
      `   \`${hop.text.replace(/\s+/g, " ")}\`\n` +
      `   ${sentences(hop).join(" ")}`,
  );
  const heading = `# ${title.replaceAll("<", "&lt;")}`;
  return [heading, introduction(story), ...steps, ending(story)].join("\n\n").concat("\n");
}

export function storyAsText(story: Story): string {
  const { title, hops } = story;
  const steps = hops.map((hop, index) =>
    [
      `Hop ${index + 1} of ${hops.length}, on ${hop.node}, at ${clockText(hop.atUs)}: ${hopTitle(hop, story.podOf)}.`,
      ...sentences(hop),
      `As traced: ${hop.text.replace(/\s+/g, " ")}`,
    ].join("\n"),
  );
  return [title, introduction(story), ...steps, ending(story)].join("\n\n").concat("\n");
}

function introduction({ journey, follow, hops }: Story): string {
  const { from, to, sentAtUs } = journey;
  return `A request from ${keyText(from)} to ${to}, sent at ${clockText(sentAtUs)}. Followed: ${FOLLOW_LABELS[follow]}, ${hops.length} hops.`;
}

function sentences(hop: HopView): string[] {
  const causes = hop.causes.map(({ text }) => text).join(" → ");
  return [hop.why, ...(causes ? [`Because: ${causes}.`] : [])];
}

function ending({ journey: { verdict, server, serverSeesSrcIp } }: Story): string {
  if (verdict.kind !== "delivered")
    return `Outcome: ${verdict.kind}${verdict.reason ? ` (${verdict.reason})` : ""} at ${placeText(verdict.place)}. ${verdict.explanation}`;
  const seen = serverSeesSrcIp ? `, which saw the source address ${serverSeesSrcIp}` : "";
  return `Outcome: delivered to ${server ? keyText(server) : "its destination"}${seen}.`;
}
