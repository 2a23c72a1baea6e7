import { lazyPart } from "../parts/lazy-part";
import "./editor.css";

export const LazyEditor = lazyPart(() => import("./YamlEditor"), {
  waiting: <p className="empty">Loading the editor …</p>,
  failed: (error) => <p className="empty">The editor could not be loaded: {error.message}</p>,
});
