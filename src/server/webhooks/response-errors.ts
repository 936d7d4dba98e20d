/** What upstream's client says of an HTTP answer that is not a success. */

const MESSAGES: ReadonlyMap<number, string> = new Map([
  [400, "the server rejected our request for an unknown reason"],
  [401, "the server has asked for the client to provide credentials"],
  [404, "the server could not find the requested resource"],
  [405, "the server does not allow this method on the requested resource"],
  [406, "the server was unable to respond with a content type that the client supports"],
  [409, "the server reported a conflict"],
  [422, "the server rejected our request due to an error in our request"],
  [429, "the server has received too many requests and has asked us to try again later"],
  [503, "the server is currently unable to handle the request"],
  [
    504,
    "the server was unable to return a response in the time allotted, but may still be " +
      "processing the request",
  ],
]);

/** `text`: the body, if it is text. */
export function responseMessage(status: number, text: string | undefined): string {
  const said = text === undefined ? "unknown" : text.trim();
  if (status === 403) return said;
  const known = MESSAGES.get(status);
  if (known !== undefined) return known;
  if (status >= 500) {
    const quoted = JSON.stringify(said);
    return `an error on the server (${quoted}) has prevented the request from succeeding`;
  }
  return `the server responded with the status code ${status} but did not return more details`;
}
