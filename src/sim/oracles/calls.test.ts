import { expect, test } from "vitest";
import { alreadyExists, conflict, internalError } from "../../machinery/status.ts";
import { HandMadeRun } from "../testing/hand-made.ts";
import { oneEffect } from "./one-effect.ts";
import {
  answerOf,
  calls,
  CONFIGMAPS,
  listOf,
  notThere,
  opens,
  refusal,
  shown,
} from "./testing/hand-made-calls.ts";
import { trueAnswers } from "./true-answers.ts";
import { wholeStreams } from "./whole-streams.ts";

const WEB = `${CONFIGMAPS}/web`;
const GROUP = { group: "", resource: "configmaps" };

/** `web` at revisions 1 and 2; the second write may wait. */
function written(times = 2): HandMadeRun {
  const run = new HandMadeRun(trueAnswers);
  for (let nth = 1; nth <= times; nth += 1) run.write({ actor: "user", to: { data: { nth } } });
  return run;
}

test("a read of a version that was the newest between request and answer is true", () => {
  const run = written(2);
  const answer = calls(run, "GET", WEB);
  run.write({ actor: "user", to: {} });
  expect(answer(answerOf(shown("web", 2)))).toBeUndefined();
  expect(answer(answerOf(shown("web", 3)))).toBeUndefined();
});

test("a read of what was replaced before it began is found, unless any age will do", () => {
  const answer = calls(written(2), "GET", WEB);
  const found =
    "a: get configmaps default/web is answered with revision 1, which was not the newest";
  expect(answer(answerOf(shown("web", 1)))).toMatch(new RegExp(`^${found} from its beginning`));
  expect(answer(answerOf(shown("web", 9)))).toMatch(/revision 9, which was not/);
  const any = calls(written(2), "GET", WEB, { query: { resourceVersion: "0" } });
  expect(any(answerOf(shown("web", 1)))).toBeUndefined();
});

test("that there is none is true before it is made, and after it is gone", () => {
  const run = new HandMadeRun(trueAnswers);
  const early = calls(run, "GET", WEB);
  run.write({ actor: "user", to: {} });
  const late = calls(run, "GET", WEB);
  expect(early(notThere("web"))).toBeUndefined();
  expect(late(notThere("web"))).toMatch(/there was one all the time/);
  run.write({ actor: "user", to: undefined });
  expect(late(notThere("web"))).toBeUndefined();
});

test("a list is all that there was at its revision, which is between request and answer", () => {
  const run = written(2);
  run.write({ actor: "user", name: "api", to: {} });
  const answer = calls(run, "GET", CONFIGMAPS);
  const both = [shown("api", 3), shown("web", 2)];
  expect(answer(listOf(3, both))).toBeUndefined();
  expect(answer(listOf(2, [shown("web", 2)]))).toMatch(/as of revision 2, .* from 3 to 3$/);
  expect(answer(listOf(3, [shown("web", 2)]))).toMatch(/lacks .*configmaps\/default\/api$/);
  expect(answer(listOf(3, [shown("api", 3), shown("web", 1)]))).toMatch(
    /default\/web at revision 1/,
  );
  const any = calls(run, "GET", CONFIGMAPS, { query: { resourceVersion: "0" } });
  expect(any(listOf(2, [shown("web", 2)]))).toBeUndefined();
  expect(any(listOf(2, both))).toMatch(/shows default\/api at revision 3, which it was not at 2/);
});

test("a list by labels has all that have them, and a page of a list need not have the rest", () => {
  const run = new HandMadeRun(trueAnswers);
  run.write({ actor: "user", to: { metadata: { labels: { app: "web" } } } });
  run.write({ actor: "user", name: "api", to: {} });
  const labelled = calls(run, "GET", CONFIGMAPS, { query: { labelSelector: "app=web" } });
  expect(labelled(listOf(2, [shown("web", 1)]))).toBeUndefined();
  expect(labelled(listOf(2, []))).toMatch(/lacks/);
  const page = calls(run, "GET", CONFIGMAPS, { query: { limit: "1", continue: "more" } });
  expect(page(listOf(2, [shown("web", 1)]))).toBeUndefined();
});

const PUT = (run: HandMadeRun) => calls(run, "PUT", WEB, { body: shown("web", 1) });

test("a write that is acknowledged has made the revision that it names", () => {
  const run = new HandMadeRun(oneEffect);
  run.write({ actor: "user", to: {} });
  const answer = PUT(run);
  expect(run.write({ actor: "a", to: { data: {} } })).toBeUndefined();
  expect(answer(answerOf(shown("web", 2)))).toBeUndefined();
  // It changes nothing, and is told the revision there is.
  expect(PUT(run)(answerOf(shown("web", 2)))).toBeUndefined();
  expect(PUT(run)(answerOf(shown("web", 1)))).toMatch(/acknowledged at revision 1, .* no effect$/);
});

test("a write that takes effect twice is found; one of two whose answers are lost is not", () => {
  const twice = new HandMadeRun(oneEffect);
  PUT(twice);
  expect(twice.write({ actor: "a", verb: "update", to: {} })).toBeUndefined();
  const again = twice.write({ actor: "a", verb: "update", to: { data: {} } });
  expect(again).toMatch(/^a: update of .*default\/web takes effect, and nobody has asked for it/);
  const lost = new HandMadeRun(oneEffect);
  PUT(lost);
  PUT(lost);
  expect(lost.writes([1, 2].map((nth) => ({ actor: "a", verb: "update", to: { nth } })))).toBe(
    undefined,
  );
});

test("a write that is refused must not have had an effect; after a failure it may have", () => {
  const refused = new HandMadeRun(oneEffect);
  const answer = calls(refused, "POST", CONFIGMAPS, { body: { metadata: { name: "web" } } });
  refused.write({ actor: "a", to: {} });
  const found = "a: create configmaps default/web is refused with 409, and has taken effect";
  expect(answer(refusal(alreadyExists(GROUP, "web")))).toBe(`${found} at revision 1`);
  const failed = new HandMadeRun(oneEffect);
  const unknown = PUT(failed);
  failed.write({ actor: "a", verb: "update", to: {} });
  expect(unknown(refusal(internalError("an accident")))).toBeUndefined();
  expect(PUT(new HandMadeRun(oneEffect))(refusal(conflict(GROUP, "web", "")))).toBeUndefined();
});

test("names that the server makes up are asked for by their beginning", () => {
  const run = new HandMadeRun(oneEffect);
  const generateName = "web-";
  const make = () => calls(run, "POST", CONFIGMAPS, { body: { metadata: { generateName } } });
  const answer = make();
  const born = { actor: "a", name: "web-x1", to: { metadata: { generateName } } };
  expect(run.write(born)).toBeUndefined();
  expect(answer(answerOf(shown("web-x1", 1), 201))).toBeUndefined();
  expect(make()(answerOf(shown("web-x2", 2), 201))).toMatch(/taken no effect$/);
});

test("a deletion that did nothing was of something that was going, or gone", () => {
  const run = new HandMadeRun(oneEffect);
  run.write({ actor: "user", to: {} });
  const gone = { kind: "Status", apiVersion: "v1", metadata: {} };
  expect(calls(run, "DELETE", WEB)(answerOf(gone))).toMatch(/has taken no effect$/);
  run.write({ actor: "user", to: { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } } });
  expect(calls(run, "DELETE", WEB)(answerOf(gone))).toBeUndefined();
});

/** `web` made, changed and deleted at 1, 2 and 3; `api` made at 4. */
function changes(): HandMadeRun {
  const run = new HandMadeRun(wholeStreams);
  for (const to of [{}, { data: {} }, undefined]) run.write({ actor: "user", to });
  run.write({ actor: "user", name: "api", to: {} });
  return run;
}

test("a stream that tells every change once and in order is whole", () => {
  const run = changes();
  const stream = opens(run, { resourceVersion: "1" });
  const found = [
    stream.arrives("MODIFIED", "web", 2),
    stream.isAt(2),
    stream.arrives("DELETED", "web", 3),
    stream.arrives("ADDED", "api", 4),
    stream.isAt(4),
    run.atRest(),
  ];
  expect(found.filter((each) => each !== undefined)).toEqual([]);
});

test("a stream with a gap, a repetition or an invention is found", () => {
  const whole = (): ReturnType<typeof opens> => opens(changes(), { resourceVersion: "1" });
  expect(whole().arrives("DELETED", "web", 3)).toMatch(
    /^a's watch of configmaps leaves out the update of .*default\/web at revision 2$/,
  );
  expect(whole().isAt(2)).toMatch(/told all up to 2, without the update/);
  expect(whole().arrives("ADDED", "web", 2)).toMatch(/ADDED .* at revision 2, which never was$/);
  const twice = whole();
  twice.arrives("MODIFIED", "web", 2);
  expect(twice.arrives("MODIFIED", "web", 2)).toMatch(/at revision 2 after 2$/);
});

test("at rest an open stream has told all, and one that has ended owes nothing", () => {
  const run = changes();
  const stream = opens(run, { resourceVersion: "3" });
  expect(run.atRest()).toMatch(/never tells of the create of .*default\/api at revision 4$/);
  stream.ends();
  expect(run.atRest()).toBeUndefined();
});

test("a stream that begins with a state has all of it, as it is now", () => {
  const begun = (...names: readonly string[]) => {
    const stream = opens(changes(), { sendInitialEvents: "true" });
    for (const name of names) stream.arrives("ADDED", name, 4);
    return stream;
  };
  expect(begun("api").isAt(4, true)).toBeUndefined();
  expect(begun().isAt(4, true)).toMatch(/begins without .*default\/api$/);
  expect(begun("api", "web").isAt(4, true)).toMatch(/begins with .*default\/web at revision 4/);
  expect(begun("api").isAt(3, true)).toBe(
    "a's watch of configmaps begins at revision 3, and 4 was there",
  );
});

test("of a stream by labels only the order is looked at", () => {
  const stream = opens(changes(), { resourceVersion: "1", labelSelector: "app=web" });
  expect(stream.arrives("ADDED", "api", 4)).toBeUndefined();
  expect(stream.arrives("DELETED", "web", 3)).toMatch(/at revision 3 after 4$/);
});
