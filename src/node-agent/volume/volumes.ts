/**
 * Volumes of pods on this node: the seam between what a volume holds (decided from the spec) and
 * the disk it is put on.
 */

/** One file of a volume made of API objects. */
export type VolumeFile = {
  /** Relative, without `..`. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
};

/** What a volume holds. */
export type VolumeContent =
  /** An empty directory that lives as long as the pod. */
  | { readonly kind: "empty"; readonly name: string }
  /** Files of ConfigMaps, Secrets and the downward API; replaced all at once when they change. */
  | { readonly kind: "files"; readonly name: string; readonly files: readonly VolumeFile[] }
  /** A path of the node. `type` as in the API: `""`, `Directory`, `DirectoryOrCreate`, `File`, … */
  | {
      readonly kind: "host";
      readonly name: string;
      readonly path: string;
      readonly type: string;
    };

/** Volumes on the node's disk. */
export interface PodVolumes {
  /**
   * Brings the pod's volumes to these contents and answers where each is. Readers of `files` see
   * all of the old content or all of the new, at an unchanged path. Throws `ConfigError` for what
   * cannot be had.
   */
  prepare(podUid: string, contents: readonly VolumeContent[]): Promise<ReadonlyMap<string, string>>;
  /** A path inside a volume, made as a directory if missing. Refuses ways out of the volume. */
  subPath(volumePath: string, subPath: string): Promise<string>;
  /** Removes all that the pod's volumes keep on disk. */
  remove(podUid: string): Promise<void>;
  /** Uids of pods that have volumes on disk. */
  list(): Promise<readonly string[]>;
}
