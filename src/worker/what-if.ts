import type { EditCommand } from "../core/cluster/command";
import { type ComparedSide, compareRuns } from "../core/cluster/compare";
import type { Path } from "../core/cluster/paths";
import type { Session } from "../core/cluster/session";
import type { TrafficState } from "../core/cluster/traffic";
import { byProbability, placesOf, stepsOf } from "../core/cluster/ways";
import { whyNotSent } from "../core/cluster/why/not-sent";
import type { WhyNot } from "../core/cluster/why/why";
import { whyNot } from "../core/cluster/why/why-not";
import type { World } from "../core/cluster/world";
import type { HttpOptions } from "../core/net/http-message";
import { readDocuments, refusalErrors } from "../scenario/read-documents";
import type { JourneyView } from "./protocol";
import { journeyView } from "./views";
import { waysOut } from "./ways-out";
import type {
  ComparedRun,
  CompareReport,
  CompareRequest,
  Edit,
  Prediction,
  WayView,
} from "./what-if-protocol";

/** More ways than this would keep the page waiting. */
const MAX_WAYS = 5_000;
/** More than these nobody reads. */
const MAX_LISTED_WAYS = 200;

/** Answers about load and about possibilities, none of which moves the run. */
export class WhatIf {
  #predictions = 0;
  #predicted: { readonly paths: readonly Path[]; readonly world: World } | undefined;
  #trafficSent: TrafficState | undefined;

  /** Another run, or another page. */
  reset(): void {
    this.#predicted = undefined;
    this.#trafficSent = undefined;
  }

  traffic({ world }: Session): TrafficState | undefined {
    if (world.traffic === this.#trafficSent) return undefined;
    this.#trafficSent = world.traffic;
    return world.traffic;
  }

  predict(session: Session, from: string, to: string, http?: HttpOptions): Prediction {
    const world = session.world.fork();
    const found = world.paths(from, to, { maxPaths: MAX_WAYS, http });
    if (!found.ok) {
      const why = whyNotSent(world, from, to);
      return { ...found, ...(why && { why: told(why) }) };
    }
    const paths = byProbability(found.value);
    this.#predicted = { paths, world };
    return {
      ok: true,
      id: ++this.#predictions,
      atUs: world.nowUs,
      from,
      to,
      ways: paths.slice(0, MAX_LISTED_WAYS).map((path, index) => wayView(path, index, world)),
      count: paths.length,
    };
  }

  way(prediction: number, index: number): JourneyView | undefined {
    const path = prediction === this.#predictions ? this.#predicted?.paths[index] : undefined;
    if (!path || !this.#predicted) return undefined;
    const { probability, journey } = path;
    const { world } = this.#predicted;
    const view = journeyView(journey, world.store, whyNot(world, journey));
    // Journeys of the run count from 1.
    return { ...view, id: -1 - index, possibility: probability };
  }

  compare(session: Session, { from, to, edit, atUs, afterUs }: CompareRequest): CompareReport {
    const documents = edit.type === "apply" ? readDocuments(edit.yaml) : undefined;
    if (documents && documents.errors.length > 0) return { ok: false, errors: documents.errors };
    const compared = compareRuns(
      session.worldAt(atUs),
      { from, to },
      editCommand(edit, documents?.manifests ?? []),
      { afterUs, maxPaths: MAX_WAYS },
    );
    if (compared.ok)
      return { ok: true, without: runView(compared.without), changed: runView(compared.changed) };
    const errors = documents
      ? refusalErrors(documents, compared.refusals)
      : compared.refusals.map(({ status }) => ({ message: status.message }));
    return { ok: false, errors };
  }
}

function editCommand(edit: Edit, manifests: readonly unknown[]): EditCommand {
  return edit.type === "apply" ? { type: "apply", manifests } : edit;
}

function told({ code, title, cause }: WhyNot): NonNullable<WayView["why"]> {
  return { code, title, cause };
}

function wayView({ probability, journey }: Path, index: number, world: World): WayView {
  const { outcome, hops } = journey;
  const why = whyNot(world, journey);
  return {
    index,
    probability,
    verdict: outcome?.verdict ?? {
      kind: "dropped",
      reason: "NotModelled",
      explanation: "nobody ever answers",
      place: "",
    },
    ...(why && { why: told(why) }),
    server: outcome?.server ?? null,
    steps: stepsOf(journey, world.store),
    places: placesOf(hops),
  };
}

function runView({ sent, paths, store, why }: ComparedSide): ComparedRun {
  return {
    sent: sent.ok ? { ok: true, journey: journeyView(sent.value, store, why) } : sent,
    outcomes: paths.ok ? { ok: true, ways: waysOut(paths.value) } : paths,
  };
}
