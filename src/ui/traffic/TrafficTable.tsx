import type { TrafficSeries } from "./series";

const SHOWN_SLICES = 40;

/** The charts as a table: the latest slices of time, the newest first. */
export function TrafficTable({ series }: { series: TrafficSeries }) {
  const lines = [...series.servers, ...series.failures, ...series.rules];
  const slices = series.seconds.map((_, index) => index).slice(-SHOWN_SLICES);
  return (
    <details className="traffic-times">
      <summary>The charts as a table</summary>
      <table className="data" aria-label="Requests per second over time">
        <thead>
          <tr>
            <th scope="col">t</th>
            {lines.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {slices.reverse().map((index) => (
            <tr key={series.seconds[index]}>
              <th scope="row" className="number">
                {series.seconds[index]?.toFixed(2)} s
              </th>
              {lines.map(({ name, values }) => (
                <td key={name} className="number">
                  {valueText(values[index])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function valueText(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
