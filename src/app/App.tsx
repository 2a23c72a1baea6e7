import { useSyncExternalStore } from "react";
import { useAccess } from "../stores/access";
import { Dialogs } from "../ui/dialogs/Dialogs";
import { DropZone, NoDropZone } from "../ui/dialogs/DropZone";
import { Palette } from "../ui/palette/Palette";
import { lazyPart, OVER_THE_PAGE } from "../ui/parts/lazy-part";
import { SkipLink } from "../ui/parts/SkipLink";
import { PresentLayer } from "../ui/present/PresentLayer";
import { LockNote } from "../ui/share/LockNote";
import { TopBar } from "../ui/topbar/TopBar";
import { page } from "./address";
import { DeskLayout } from "./DeskLayout";
import { PhoneLayout } from "./PhoneLayout";
import { StageCanvas } from "./Stage";
import { startSimulation } from "./start";
import "./app.css";

const EditLayer = lazyPart(() => import("../ui/edit/EditLayer"), OVER_THE_PAGE);
const EmbedView = lazyPart(() => import("../ui/share/EmbedView"));

/** Phones on their side, and pages that are zoomed to 200 %. */
const LOW = "(max-height: 560px) and (max-width: 1023px)";
/** Phones and tablets upright. As in app.css. */
const NARROW = "(max-width: 760px), (max-width: 1023px) and (orientation: portrait)";

export function App() {
  const narrow = useMediaQuery(NARROW);
  const low = useMediaQuery(LOW);
  const locked = useAccess((state) => state.locked);
  if (page.embed) return <EmbeddedApp />;
  return (
    <div className="app" data-locked={locked || undefined}>
      <SkipLink />
      <TopBar />
      <LockNote />
      <main>{narrow || low ? <PhoneLayout sideways={low} /> : <DeskLayout />}</main>
      <Dialogs />
      <Palette />
      <EditLayer />
      <DropZone />
      <PresentLayer />
    </div>
  );
}

function EmbeddedApp() {
  return (
    <div className="app">
      <EmbedView onLoad={startSimulation}>
        <StageCanvas />
      </EmbedView>
      <NoDropZone />
    </div>
  );
}

function useMediaQuery(text: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const query = matchMedia(text);
      query.addEventListener("change", onChange);
      return () => query.removeEventListener("change", onChange);
    },
    () => matchMedia(text).matches,
  );
}
