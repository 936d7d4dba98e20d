/** Defaults of what a claim of storage asks for. */
import type { PersistentVolumeClaimSpec } from "./types.generated.ts";

/** The same for claims, and for those that are made from a template. */
export function withClaimSpecDefaults(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  return { ...spec, volumeMode: spec.volumeMode ?? "Filesystem" };
}
