import { expect, test } from "vitest";
import { serviceRange } from "./service-range.ts";

test("a range of loopback addresses is taken, and any other where no node listens", () => {
  expect(serviceRange("127.97.0.0/16", 3)).toBe("127.97.0.0/16");
  expect(serviceRange("10.0.0.0/24", 0)).toBe("10.0.0.0/24");
  expect(serviceRange(undefined, 1)).toBeUndefined();
});

test.each([
  ["127.97.0.0", 0, "is no IPv4 range from /8 to /28"],
  ["127.97.0.0/30", 0, "is no IPv4 range from /8 to /28"],
  ["fd00::/64", 0, "is no IPv4 range from /8 to /28"],
  ["10.0.0.0/24", 1, "nodes of this machine listen on loopback addresses only"],
])("%s with %d nodes is refused", (text, nodes, problem) => {
  expect(() => serviceRange(text, nodes)).toThrow(problem);
});
