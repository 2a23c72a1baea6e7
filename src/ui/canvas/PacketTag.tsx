import { memo, type Ref } from "react";
import { currentHop, usePlayback } from "../../stores/playback";
import { packetTag, type TagField } from "./packetTag";

/** The headers of the moving packet. The overlay's loop moves it; React only changes its words. */
export const PacketTag = memo(function PacketTag({ ref }: { ref: Ref<HTMLDivElement> }) {
  const hop = usePlayback(currentHop);
  const tag = hop && packetTag(hop);
  const failed = hop?.verdict && hop.verdict.kind !== "delivered" ? hop.verdict : undefined;
  return (
    <div ref={ref} className={`cv-tag cv-tag-${hop?.direction ?? "original"}`} hidden>
      {tag && (
        <>
          <div className="cv-tag-role">
            {hop.direction === "reply" ? "← " : ""}
            {tag.role}
            {tag.payload && <span className="cv-tag-payload"> {tag.payload}</span>}
          </div>
          {tag.fields.map((field) => (
            <Field key={field.name} {...field} />
          ))}
          {tag.inner && (
            <div className="cv-tag-inner">
              <div className="cv-tag-name">inside, VXLAN {tag.inner.vni}</div>
              <Field name="src" value={tag.inner.src} />
              <Field name="dst" value={tag.inner.dst} />
            </div>
          )}
          {failed && (
            <div className="cv-bad">
              ✕ {failed.kind}
              {failed.reason ? `: ${failed.reason}` : ""}
            </div>
          )}
        </>
      )}
    </div>
  );
});

function Field({ name, value, change }: TagField) {
  if (!change) {
    return (
      <div>
        <span className="cv-tag-name">{name}</span> {value}
      </div>
    );
  }
  const tone = change.nat.endsWith("DNAT") ? "dnat" : "snat";
  return (
    <div className={`cv-tag-${tone}`}>
      <span className="cv-tag-name">{name}</span> <b>{value}</b>{" "}
      <span className="cv-tag-nat">
        {change.symbol} {change.nat}
      </span>
      <div>
        <span className="cv-tag-name">was</span> <s>{change.before}</s>
      </div>
    </div>
  );
}
