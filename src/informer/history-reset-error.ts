/** The server tells of older revisions than it told before: its history is another one now. */
export class HistoryResetError extends Error {
  override readonly name = "HistoryResetError";
}
