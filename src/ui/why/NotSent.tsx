import { useSession } from "../../stores/session";
import { ActionButton } from "../actions/ActionButton";
import { dismissRefused } from "../actions/why";
import { Icon } from "../parts/Icon";
import { WhyBox } from "./WhyBox";

/** A request that did not get as far as a packet. */
export default function NotSent() {
  const refused = useSession((state) => state.refused);
  if (!refused) return null;
  return (
    <article className="packet-tab not-sent">
      <p className="eyebrow">
        {refused.from} → {refused.to}
        <ActionButton action={dismissRefused} className="button icon small" label="Put away">
          <Icon name="close" size={11} />
        </ActionButton>
      </p>
      <WhyBox failure={{ ...refused, kind: "not sent" }} />
    </article>
  );
}
