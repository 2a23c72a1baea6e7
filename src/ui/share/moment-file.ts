import { LINK_VERSION, unpackMoment } from "../../share/link";
import { openMoment, sayRefused } from "../../stores/moment";
import { describeError } from "../../stores/session";

/** Opens the moment; answers why it cannot be opened, or "". */
export async function openMomentFile(text: string): Promise<string> {
  const content = parse(text);
  const { kubehop: version } = (content ?? {}) as { readonly kubehop?: unknown };
  if (typeof version === "number" && version > LINK_VERSION)
    return "This file was made with a newer version of kubehop than this one. The cluster is as it was.";
  const unpacked = unpackMoment(content, "");
  if (!unpacked.ok)
    return "This file is broken: a part of it is missing, or was changed. The cluster is as it was.";
  const { errors, refused = [] } = await openMoment(unpacked.moment);
  sayRefused("file", refused, unpacked.moment);
  return errors.length === 0
    ? ""
    : `The cluster in this file cannot be opened. ${errors.map(describeError).join(" ")}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
