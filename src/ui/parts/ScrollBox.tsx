import type { ReactNode, Ref } from "react";

interface ScrollBoxProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly ref?: Ref<HTMLElement>;
}

/** A part that scrolls, by keyboard as well. */
export function ScrollBox({ label, children, className = "", ref }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={`scroll-box ${className}`} aria-label={label} tabIndex={0} ref={ref}>
      {children}
    </section>
  );
}
