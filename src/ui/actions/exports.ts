import { ANY, interfacesOf } from "../../core/trace/capture";
import { usePlayback } from "../../stores/playback";
import { EXPORTS, type ExportForm, exportAs, NO_PACKET_TEXT } from "../share/exports";
import { type Action, need } from "./action";

const group = "Export";

const withPacket = need(usePlayback, ({ journey }) => (journey ? "" : NO_PACKET_TEXT));

export function exportId(name: string, { label }: ExportForm): string {
  return `export.${name}.${label}`.toLowerCase().replaceAll(" ", "-");
}

/** Every format, and a capture of each interface that the packet came by. */
export function exportActions(): readonly Action[] {
  const interfaces = interfacesOf(usePlayback.getState().journey?.frames ?? []);
  return EXPORTS.flatMap(({ name, forms, needsPacket = false }) =>
    forms.flatMap((form): Action[] => {
      const usual: Action = {
        id: exportId(name, form),
        group,
        label: `Export ${name}: ${form.label}`,
        also: "save download file",
        needs: needsPacket ? [withPacket] : [],
        run: () => exportAs(name, form),
      };
      if (name !== "Capture") return [usual];
      const scoped = [ANY, ...interfaces].map(
        (scope): Action => ({
          ...usual,
          id: `${usual.id}.${scope}`,
          label: `${usual.label} of ${scope === ANY ? "every interface" : scope}`,
          run: () => exportAs(name, form, scope),
        }),
      );
      return [usual, ...scoped];
    }),
  );
}
