import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { notify } from "../../stores/notices";
import { ErrorBoundary } from "./ErrorBoundary";

type Loader = () => Promise<unknown>;

const notLoaded: Loader[] = [];

interface Meanwhile {
  readonly waiting?: ReactNode;
  readonly failed?: (error: Error) => ReactNode;
}

const IN_A_PANEL: Required<Meanwhile> = {
  waiting: <p className="empty">Loading …</p>,
  failed: (error) => (
    <p className="empty" role="alert">
      This could not be loaded: {error.message}
    </p>
  ),
};

/** For what lies over the page, or is no more than an addition to it. */
export const OVER_THE_PAGE: Meanwhile = {
  waiting: null,
  failed: (error) => <LoadNotice error={error} />,
};

function LoadNotice({ error }: { error: Error }) {
  useEffect(() => {
    notify("error", "A part of the page could not be loaded. Try again.", [error.message]);
  }, [error]);
  return null;
}

/** A part of the page that the first screen does without: loaded when it is first shown, or when the browser has
 *  nothing better to do, whichever comes first. */
export function lazyPart<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
  meanwhile: Meanwhile = {},
): ComponentType<Props> {
  const { waiting, failed } = { ...IN_A_PANEL, ...meanwhile };
  let loaded: ComponentType<Props> | undefined;
  const take = async () => {
    try {
      const part = await load();
      loaded = part.default;
      return part;
    } catch (error) {
      // Whoever shows it again tries again.
      Later = lazy(take);
      throw error;
    }
  };
  let Later = lazy(take);
  notLoaded.push(take);
  return function LazyPart(props: Props) {
    // What is there already is drawn at once; what began as a promise stays one, or it would lose its state.
    const [Part] = useState(() => loaded ?? Later);
    return (
      <ErrorBoundary fallback={failed}>
        <Suspense fallback={waiting}>
          <Part {...props} />
        </Suspense>
      </ErrorBoundary>
    );
  };
}

/** Loads the parts that are not there yet, one after the other while the browser is idle. */
export function loadPartsWhenIdle(): void {
  const load = notLoaded.shift();
  if (!load || savesData()) return;
  const next = () => whenIdle(loadPartsWhenIdle);
  load().then(next, next);
}

/** Safari has no requestIdleCallback. */
function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(work, { timeout: 5_000 });
  else setTimeout(work, 200);
}

/** The reader pays for what is loaded, and said so. */
function savesData(): boolean {
  const { connection } = navigator as { connection?: { readonly saveData?: boolean } };
  return connection?.saveData === true;
}
