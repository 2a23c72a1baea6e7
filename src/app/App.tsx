import { useSyncExternalStore } from "react";
import { Dialogs } from "../ui/dialogs/Dialogs";
import { DropZone } from "../ui/dialogs/DropZone";
import { Notices } from "../ui/parts/Notices";
import { PresentLayer } from "../ui/present/PresentLayer";
import { TopBar } from "../ui/topbar/TopBar";
import { DeskLayout } from "./DeskLayout";
import { PhoneLayout } from "./PhoneLayout";
import "./app.css";

export function App() {
  const narrow = useMediaQuery("(max-width: 760px)");
  return (
    <div className="app">
      <TopBar />
      <main>{narrow ? <PhoneLayout /> : <DeskLayout />}</main>
      <Dialogs />
      <DropZone />
      <Notices />
      <PresentLayer />
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
