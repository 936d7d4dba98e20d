/**
 * An object that cannot be shown in another version. Throw it in `toHub` or `fromHub` to refuse on
 * purpose: the client reads the message; anything else that is thrown counts as a defect.
 */
export class ConversionError extends Error {
  override readonly name = "ConversionError";
}
