import { useEffect, useState } from "react";
import type { SharedMoment } from "../../share/shared-moment";
import { useAccess } from "../../stores/access";
import { type BuiltIn, findBuiltIn } from "../../stores/built-in";
import { currentMoment } from "../../stores/moment";
import { usePossibility } from "../../stores/paths";
import { currentHop, pause, usePlayback } from "../../stores/playback";
import { useScenarioTitle } from "../../stores/session";
import { Dialog } from "../parts/Dialog";
import { clockText } from "../parts/describe";
import { Tabs } from "../parts/Tabs";
import { copyText } from "./clipboard";
import { EmbedTab } from "./EmbedTab";
import { LinkTab } from "./LinkTab";
import { linkTo, MAX_LINK_CHARACTERS } from "./moment-link";
import { LinkOptions, type LinkSettings, USUAL_SETTINGS, withSettings } from "./settings";
import "./share.css";

type TabId = "link" | "embed";

/** Everything that a link to this moment needs: the moment is taken once, when Share is pressed. */
interface Taken {
  readonly moment: SharedMoment;
  readonly builtIn?: BuiltIn;
  /** Whether the link could be copied at once; undefined when it is too long for one. */
  readonly copied?: boolean;
}

export default function ShareDialog({ onClose }: { onClose: () => void }) {
  const [taken, setTaken] = useState<Taken | null>(null);
  const [settings, setSettings] = useState(usualSettings);
  const [tab, setTab] = useState<TabId>("link");
  const title = useScenarioTitle();

  useEffect(() => {
    let wanted = true;
    take().then((answer) => wanted && setTaken(answer));
    return () => {
      wanted = false;
    };
  }, []);

  return (
    <Dialog title="Share this moment" onClose={onClose} className="share">
      <div className="dialog-body">
        <MomentText />
        {taken && (
          <>
            <LinkOptions settings={settings} onChange={setSettings} />
            <Tabs<TabId>
              label="Ways to share"
              current={tab}
              onChange={setTab}
              tabs={[
                {
                  id: "link",
                  label: "Link",
                  content: <LinkTab {...withSettings(taken, settings)} title={title} />,
                },
                {
                  id: "embed",
                  label: "Embed",
                  content: <EmbedTab {...withSettings(taken, settings)} title={title} />,
                },
              ]}
            />
          </>
        )}
      </div>
    </Dialog>
  );
}

/** What was locked for this reader is locked for the next, too, unless they think better of it. */
function usualSettings(): LinkSettings {
  return { ...USUAL_SETTINGS, locked: useAccess.getState().locked };
}

/** Time stands still while a moment is shared. */
async function take(): Promise<Taken> {
  pause();
  const moment = await currentMoment({});
  const builtIn = await findBuiltIn(moment.run.scenario);
  const taken = { moment, ...(builtIn && { builtIn }) };
  const usual = withSettings(taken, usualSettings());
  const link = linkTo(usual.moment, builtIn, {});
  if (link.length > MAX_LINK_CHARACTERS) return taken;
  return { ...taken, copied: await copyText(link) };
}

function MomentText() {
  const index = usePlayback((state) => state.index);
  const total = usePlayback((state) => state.hops.length);
  const hop = usePlayback(currentHop);
  const packet = usePossibility() === undefined ? "packet" : "possible way";
  return (
    <p>
      {hop
        ? `The link opens at hop ${index + 1} of ${total} of the same ${packet}, ${clockText(hop.atUs)}: `
        : "The link opens this cluster at this moment. Who opens it has a copy of their own."}
      {hop && <code>{hop.text.replace(/\s+/g, " ")}</code>}
    </p>
  );
}
