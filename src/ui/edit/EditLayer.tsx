import { useEffect } from "react";
import { startHistory } from "../history/record-moves";
import { openObjectMenus } from "../palette/object-menu";
import { acceptDrops } from "./dragging";
import { MatchingMarks } from "./MatchingMarks";

/** What editing needs of the whole page: drops, context menus, the history, and marks of what matches. */
export default function EditLayer() {
  useEffect(() => {
    const stops = [acceptDrops(), openObjectMenus(), startHistory()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return <MatchingMarks />;
}
