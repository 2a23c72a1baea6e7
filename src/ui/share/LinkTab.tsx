import { lazy, Suspense, useState } from "react";
import { copyThisLink, saveMomentFile, showQr } from "../actions/sharing";
import { CopyField } from "./CopyField";
import { downloadText, fileStem } from "./download";
import { linkTo, MAX_LINK_CHARACTERS, momentFile } from "./moment-link";
import type { Shared } from "./settings";

const QrCode = lazy(() => import("./QrCode"));

interface LinkTabProps extends Shared {
  readonly title: string;
}

export function LinkTab({ moment, builtIn, theme, copied, title }: LinkTabProps) {
  const [showsQr, setShowsQr] = useState(false);
  const link = linkTo(moment, builtIn, { ...(theme !== "" && { theme }) });
  const save = () =>
    downloadText(`${fileStem(title)}.kubehop.json`, momentFile(moment), "application/json");
  if (link.length > MAX_LINK_CHARACTERS) {
    return (
      <div className="share-tab">
        <p className="note" role="alert">
          A link to this moment would have {link.length.toLocaleString("en")} characters; many
          programs cut links off after {MAX_LINK_CHARACTERS.toLocaleString("en")}. Save it as a file
          instead: whoever drops that file on kubehop sees the same moment.
        </p>
        <div className="dialog-actions">
          <button
            type="button"
            className="button primary"
            data-action={saveMomentFile.id}
            onClick={save}
          >
            Save as a file
          </button>
        </div>
      </div>
    );
  }
  return (
    <div className="share-tab">
      <CopyField
        label={`Link, ${link.length.toLocaleString("en")} characters`}
        text={link}
        rows={3}
        action={copyThisLink.id}
        {...(copied !== undefined && { copied })}
      />
      <div className="dialog-actions start">
        <button
          type="button"
          className="button"
          data-action={showQr.id}
          aria-expanded={showsQr}
          onClick={() => setShowsQr(!showsQr)}
        >
          {showsQr ? "Hide the QR code" : "Show a QR code"}
        </button>
        <button type="button" className="button" data-action={saveMomentFile.id} onClick={save}>
          Save as a file
        </button>
      </div>
      {showsQr && (
        <Suspense fallback={<p className="muted">Drawing …</p>}>
          <QrCode text={link} />
        </Suspense>
      )}
    </div>
  );
}
