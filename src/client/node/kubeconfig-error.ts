/** A kubeconfig that cannot be used, with the file and field at fault. */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
}
