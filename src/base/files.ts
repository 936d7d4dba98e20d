/**
 * Small files of the program itself (keys, kubeconfig, state): the seam to a file system for rooms
 * that do not own one. Paths are absolute.
 */
export interface Files {
  /** The content, or undefined if there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /**
   * Replaces the content atomically: readers see the old or the new content, and after the promise
   * resolves the new one survives a crash. Makes missing parent folders (mode 0700).
   */
  write(path: string, content: Uint8Array, options?: { readonly mode?: number }): Promise<void>;
  /** Names in a folder, sorted; empty if there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** Removes a file or a whole folder; a no-op if absent. */
  remove(path: string): Promise<void>;
}
