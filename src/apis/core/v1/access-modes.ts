/** How a volume can be mounted: by one node or by many, to read or to write. */
import type { FieldError } from "../../../machinery/status.ts";
import { forbidden, unsupported } from "../../field-errors.ts";

const MODES: readonly (readonly [string, string])[] = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
];

const SUPPORTED: readonly string[] = [
  "ReadOnlyMany",
  "ReadWriteMany",
  "ReadWriteOnce",
  "ReadWriteOncePod",
];

export const VOLUME_MODES: readonly string[] = ["Block", "Filesystem"];

/** What is wrong with a list of modes; an empty one is fine here. */
export function accessModeErrors(field: string, modes: readonly string[]): readonly FieldError[] {
  const isAlone = modes.includes("ReadWriteOncePod");
  const hasOthers = modes.some((mode) => mode !== "ReadWriteOncePod");
  return [
    ...modes
      .filter((mode) => !SUPPORTED.includes(mode))
      .map((mode) => unsupported(field, mode, SUPPORTED)),
    ...(isAlone && hasOthers
      ? [forbidden(field, "may not use ReadWriteOncePod with other access modes")]
      : []),
  ];
}

/** `RWO,ROX`: each mode once, in a fixed order. */
export function accessModesText(modes: readonly string[] | undefined): string {
  const shown = MODES.filter(([mode]) => modes?.includes(mode) === true);
  return shown.map(([, short]) => short).join(",");
}
