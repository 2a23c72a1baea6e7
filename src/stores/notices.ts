import { create } from "zustand";

export type NoticeKind = "info" | "ok" | "error";

export interface Notice {
  readonly id: number;
  readonly kind: NoticeKind;
  readonly text: string;
  /** More lines, as kubectl prints them. */
  readonly lines: readonly string[];
}

interface NoticesState {
  readonly notices: readonly Notice[];
  /** Read aloud by screen readers, never drawn. */
  readonly announcement: string;
}

export const useNotices = create<NoticesState>(() => ({ notices: [], announcement: "" }));

const KEPT = 4;
let lastId = 0;

export function notify(kind: NoticeKind, text: string, lines: readonly string[] = []): number {
  const notice = { id: ++lastId, kind, text, lines };
  useNotices.setState(({ notices }) => ({ notices: [...notices, notice].slice(-KEPT) }));
  return notice.id;
}

export function dismiss(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((one) => one.id !== id) }));
}

export function dismissAll(): void {
  useNotices.setState({ notices: [] });
}

export function announce(announcement: string): void {
  useNotices.setState({ announcement });
}
