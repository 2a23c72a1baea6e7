import { beforeEach, expect, test } from "vitest";
import { togglePanel, usePanels } from "./panels";
import { ownPanels, setLaser, togglePresenting, usePresent } from "./present";

beforeEach(() => {
  usePresent.setState({ presenting: false, panelsBefore: null, laser: false });
  usePanels.setState({ objects: true, dock: false, inspector: true });
});

test("presenting puts the panels away, and afterwards they are as they were", () => {
  togglePresenting();
  expect(usePanels.getState()).toEqual({ objects: false, dock: false, inspector: false });
  togglePanel("dock");
  expect(usePanels.getState().dock).toBe(true);
  expect(ownPanels()).toEqual({ objects: true, dock: false, inspector: true });
  togglePresenting();
  expect(usePanels.getState()).toEqual({ objects: true, dock: false, inspector: true });
});

test("the laser pointer goes out with the presentation", () => {
  togglePresenting();
  setLaser(true);
  togglePresenting();
  expect(usePresent.getState().laser).toBe(false);
});
