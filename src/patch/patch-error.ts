/** Why a patch was refused. */
export type PatchErrorKind =
  /** It is not a patch at all. */
  | "malformed"
  /** It is one, but does not fit the document. */
  | "unprocessable"
  /** A directive of it makes no sense there; the message is upstream's. */
  | "failed";

/** Thrown by everything that applies patches; the document is then as it was. */
export class PatchError extends Error {
  override readonly name = "PatchError";
  readonly kind: PatchErrorKind;

  constructor(kind: PatchErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
