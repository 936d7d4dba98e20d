/** Lists, watches, patches, applies, deletes. */
import type { Scenario } from "../../scenario.ts";
import { applyConflicts } from "./apply-conflicts.ts";
import { applyRefusals } from "./apply-refusals.ts";
import { applyVersions } from "./apply-versions.ts";
import { deletions } from "./deletions.ts";
import { ownersOfFields } from "./owners-of-fields.ts";
import { patchRefusals } from "./patch-refusals.ts";
import { patchesOfLists } from "./patches-of-lists.ts";
import { selections } from "./selections.ts";

export const CHANGES: readonly Scenario[] = [
  patchRefusals,
  patchesOfLists,
  applyConflicts,
  applyRefusals,
  applyVersions,
  ownersOfFields,
  deletions,
  selections,
];
