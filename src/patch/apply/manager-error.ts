/** Thrown when owners of fields cannot be told; the message is upstream's. */
export class ManagerError extends Error {
  override readonly name = "ManagerError";
}
