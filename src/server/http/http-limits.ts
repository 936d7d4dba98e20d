/** What a connection may cost. Everything has a limit, so that no client can hold up the others. */

export type HttpLimits = {
  /** Bytes of a request body. */
  readonly bodyBytesMax: number;
  /** Bytes of all headers of a request. */
  readonly headerBytesMax: number;
  readonly connectionsMax: number;
  /** Requests under way on one HTTP/2 connection. */
  readonly streamsMax: number;
  readonly handshakeMsMax: number;
  readonly headersMsMax: number;
  /** From the first byte of a request to the last of its body. */
  readonly requestMsMax: number;
  /** From the first byte of an answer that has an end until its reader has taken the last. */
  readonly answerMsMax: number;
  /** A watch whose reader takes nothing of what there is for this long is ended. */
  readonly stalledMsMax: number;
  /** The same for any answer while the server closes. */
  readonly closeStalledMsMax: number;
  /** An idle HTTP/1.1 connection is kept this long. */
  readonly keepAliveMs: number;
  /** What is under way when the server closes gets this long. */
  readonly closeMsMax: number;
};

export const HTTP_LIMITS: HttpLimits = {
  bodyBytesMax: 3 * 1024 * 1024,
  headerBytesMax: 64 * 1024,
  connectionsMax: 10_000,
  streamsMax: 1_000,
  handshakeMsMax: 10_000,
  headersMsMax: 10_000,
  requestMsMax: 60_000,
  answerMsMax: 60_000,
  stalledMsMax: 60_000,
  closeStalledMsMax: 300,
  keepAliveMs: 90_000,
  closeMsMax: 5_000,
};

/** Answers longer than this are compressed for clients that accept it. */
export const GZIP_BYTES_MIN = 131_072;

/** How much is written at a time. */
export const CHUNK_BYTES = 131_072;
