/** Whatever is sent, the answer is a success or a refusal in the form that was asked for. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRequest } from "./testing/any-request.ts";
import { problemAfter } from "./testing/send-any.ts";
import { aServer } from "./testing/test-server.ts";

const REQUESTS = 3_000;

test("any request at all is answered, and a refusal is a Status", async () => {
  const server = await aServer();
  await fc.assert(
    fc.asyncProperty(anyRequest, async (request) => {
      expect(await problemAfter(server, request)).toBeUndefined();
    }),
    { numRuns: REQUESTS },
  );
});
