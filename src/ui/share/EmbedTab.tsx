import { useState } from "react";
import { copyThisEmbed } from "../actions/sharing";
import { CopyField } from "./CopyField";
import { embedCode, linkTo, MAX_LINK_CHARACTERS } from "./moment-link";
import type { Shared } from "./settings";

const HEIGHTS_PX = [360, 480, 640] as const;

interface EmbedTabProps extends Shared {
  readonly title: string;
}

/** The code that puts this moment into another page, and what becomes of it there. */
export function EmbedTab({ moment, builtIn, theme, title }: EmbedTabProps) {
  const [heightPx, setHeightPx] = useState<number>(480);
  const url = linkTo(moment, builtIn, { embed: true, ...(theme !== "" && { theme }) });
  if (url.length > MAX_LINK_CHARACTERS) {
    return (
      <p className="note" role="alert">
        This moment is too long to be embedded by its address. Save it as a file under Link.
      </p>
    );
  }
  return (
    <div className="share-tab">
      <label>
        Height{" "}
        <select
          className="field"
          value={heightPx}
          onChange={(event) => setHeightPx(Number(event.target.value))}
        >
          {HEIGHTS_PX.map((height) => (
            <option key={height} value={height}>
              {height} pixels
            </option>
          ))}
        </select>
      </label>
      <CopyField
        label="Code for your page"
        text={embedCode(url, `kubehop: ${title}`, heightPx)}
        rows={4}
        action={copyThisEmbed.id}
      />
      <h3>Preview</h3>
      <iframe
        key={url}
        className="embed-preview"
        src={url}
        title="Preview of the embedded page"
        height={heightPx}
        loading="lazy"
      />
    </div>
  );
}
