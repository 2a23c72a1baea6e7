import { showLarge, useCompare } from "../../stores/compare";
import { Dialog } from "../parts/Dialog";
import { ScrollBox } from "../parts/ScrollBox";
import { CompareSetup } from "./CompareSetup";
import { Comparison } from "./Comparison";
import "./compare.css";

/** The same request with and without one change, from the same moment: nothing of it happens in the run. */
export default function CompareTab() {
  const large = useCompare((state) => state.large);
  if (!large) return <CompareView label="Both runs" />;
  return (
    <>
      <p className="empty">Both runs are shown over the page.</p>
      <Dialog title="Compare" className="compare-large" onClose={() => showLarge(false)}>
        <CompareView label="Both runs, larger" />
      </Dialog>
    </>
  );
}

function CompareView({ label }: { readonly label: string }) {
  return (
    <div className="compare">
      <div className="compare-view">
        <CompareSetup />
        <ScrollBox label={label}>
          <Comparison />
        </ScrollBox>
      </div>
    </div>
  );
}
