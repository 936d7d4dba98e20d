import fc from "fast-check";
import { expect, test } from "vitest";
import { viewOf, viewText } from "./member-leases.ts";
import { isSameMembers, keyHash, membersOf, ownerOf } from "./rendezvous.ts";

test("the numbers are what they were: processes of all versions agree on them", () => {
  const texts = ["", "a", "default/web", "default/wëb", "x".repeat(253)];
  expect(texts.map(keyHash)).toEqual(HASHES);
  const members = membersOf(["c", "a", "b", "a"]);
  const keys = Array.from({ length: 12 }, (_, index) => `default/site-${index}`);
  expect(keys.map((key) => ownerOf(members, keyHash(key))).join("")).toBe(OWNERS);
});

const HASHES = [2_872_998_923, 444_641_715, 1_611_262_052, 1_727_071_342, 695_319_513];
const OWNERS = "cabcbcbacaba";

test("keys are spread evenly, and a member that goes moves only its own", () => {
  const ids = ["m1", "m2", "m3", "m4", "m5"];
  const keys = Array.from({ length: 20_000 }, (_, index) =>
    keyHash(`ns-${index % 7}/name-${index}`),
  );
  const [all, fewer] = [membersOf(ids), membersOf(ids.slice(1))];
  const owners = keys.map((hash) => ownerOf(all, hash));
  for (const id of ids) {
    const share = owners.filter((owner) => owner === id).length / keys.length;
    expect(share).toBeGreaterThan(0.18);
    expect(share).toBeLessThan(0.22);
  }
  const moved = keys.filter((hash, index) => ownerOf(fewer, hash) !== owners[index]);
  expect(moved.length).toBe(owners.filter((owner) => owner === "m1").length);
});

test("a view is read as it was written; what is not understood claims everything", () => {
  const id = fc.stringMatching(/^[a-z0-9-]{1,40}$/);
  fc.assert(
    fc.property(fc.array(id, { maxLength: 20 }), (ids) => {
      const members = membersOf(ids);
      const read = viewOf(viewText(members));
      expect(read !== "all" && isSameMembers(read, members)).toBe(true);
    }),
  );
  for (const text of [undefined, "", "v2 a b", 7, `v1 ${"x ".repeat(1_000)}`]) {
    expect(viewOf(text)).toBe("all");
  }
});

test("nobody owns anything where there are no members", () => {
  expect(ownerOf(membersOf([]), keyHash("a"))).toBeUndefined();
});
