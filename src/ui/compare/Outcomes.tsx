import type { PathsReport, WayOut } from "../../worker/protocol";
import { percentText } from "../parts/describe";

interface OutcomesProps {
  readonly without: PathsReport;
  readonly changed: PathsReport;
}

/** Where such a request ends, with exact chances, without the change and with it. */
export function Outcomes({ without, changed }: OutcomesProps) {
  const [left, right] = [chancesOf(without), chancesOf(changed)];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  return (
    <table className="data compare-outcomes" aria-label="Outcomes and their chances">
      <thead>
        <tr>
          <th scope="col">Where it can end</th>
          <th scope="col">Without</th>
          <th scope="col">With</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const [one, other] = [left.get(name), right.get(name)];
          const differs = Math.abs((one ?? 0) - (other ?? 0)) > 1e-9;
          return (
            <tr key={name} className={differs ? "different" : undefined}>
              <th scope="row">{name}</th>
              <td className="number">{chanceText(one)}</td>
              <td className="number">
                {chanceText(other)}
                {differs && <span className="visually-hidden"> (different)</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function chanceText(chance: number | undefined): string {
  return chance === undefined ? "never" : percentText(chance);
}

function chancesOf(report: PathsReport): ReadonlyMap<string, number> {
  if (!report.ok) return new Map([[`✕ ${report.error}`, 1]]);
  return new Map(report.ways.map((way) => [endOf(way), way.probability]));
}

function endOf({ server, verdict, reason }: WayOut): string {
  if (server) return server.replace(/^(pod\/[^/]+|node|host)\//, "");
  return `✕ ${verdict}${reason ? `: ${reason}` : ""}`;
}
