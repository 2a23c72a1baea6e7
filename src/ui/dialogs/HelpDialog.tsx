import { Dialog } from "../parts/Dialog";

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["Space"], "Send, when nothing is followed yet; afterwards play or pause"],
  [["←", "→"], "One hop back, one hop on"],
  [["Home", "End"], "First hop, last hop"],
  [["+", "−"], "Faster, slower"],
  [["Esc"], "Clear the selection"],
  [["↑", "↓"], "From row to row in the list of objects"],
  [["E", "Del"], "Edit or delete the object of that row"],
  [["?"], "This list"],
];

export default function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className="dialog-body">
        <table className="keys">
          <tbody>
            {KEYS.map(([keys, what]) => (
              <tr key={what}>
                <th scope="row">
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </th>
                <td>{what}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <h3>What you see</h3>
        <p>
          A Kubernetes cluster that is simulated in this page: real objects, the iptables rules that
          kube-proxy would write, and each packet walked through them as the kernel does it. Nothing
          is scripted: change an object, and the next packet goes another way for the real reason.
        </p>
        <p>
          Orange marks a new destination (DNAT), violet a new source (SNAT), a dashed line the
          reply. Time stands still between hops: while a packet is followed, each hop takes 0.7 s;
          otherwise a second is a second.
        </p>
        <p>
          A step back shows everything as it was then: rules, counters, conntrack, readiness. What
          you change there starts another future; what came after is cut off. How a change travels,
          from endpoint to each node’s rules, is listed in the tab Events.
        </p>
      </div>
    </Dialog>
  );
}
