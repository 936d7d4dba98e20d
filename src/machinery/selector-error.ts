/** Thrown for a label or field selector that cannot be read; the message is upstream's. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";
}
