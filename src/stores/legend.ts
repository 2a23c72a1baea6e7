import { create } from "zustand";

/** Whether the canvas says what its lines and symbols mean. */
export const useLegend = create<{ readonly open: boolean }>(() => ({ open: false }));

export function toggleLegend(): void {
  useLegend.setState(({ open }) => ({ open: !open }));
}
