import { KEY_GROUPS } from "../keys/help";
import { Dialog } from "../parts/Dialog";
import { ScrollBox } from "../parts/ScrollBox";

export default function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <ScrollBox label="Keys and what you see" className="dialog-body">
        {KEY_GROUPS.map(({ title, keys }) => (
          <table className="keys" key={title}>
            <caption>{title}</caption>
            <tbody>
              {keys.map(({ shown, what }) => (
                <tr key={what}>
                  <th scope="row">
                    {shown.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </th>
                  <td>{what}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
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
      </ScrollBox>
    </Dialog>
  );
}
