import { expect, test } from "vitest";
import { NameBook } from "./name-book.ts";

const made = (name: string, generateName?: string) => ({
  metadata: { namespace: "default", name, ...(generateName === undefined ? {} : { generateName }) },
});

test("a name that the server made up is its beginning and a number, others are themselves", () => {
  const names = new NameBook();
  names.note("pods", made("web-x7k2p", "web-"));
  names.note("pods", made("web-aaaaa", "web-"));
  names.note("pods", made("mine"));
  names.note("pods", made("chosen", "web-"));
  expect(names.called("pods", "default", "web-x7k2p")).toBe("web-<1>");
  expect(names.nameOf("pods", made("web-aaaaa"))).toBe("default/web-<2>");
  expect(names.nameOf("pods", made("mine"))).toBe("default/mine");
  expect(names.nameOf("pods", made("chosen"))).toBe("default/chosen");
});

test("kinds and namespaces are counted apart, and what has no namespace shows none", () => {
  const names = new NameBook();
  names.note("pods", made("web-a", "web-"));
  names.note("secrets", made("web-a", "web-"));
  names.note("pods", { metadata: { namespace: "other", name: "web-a", generateName: "web-" } });
  expect(names.called("secrets", "default", "web-a")).toBe("web-<1>");
  expect(names.called("pods", "other", "web-a")).toBe("web-<1>");
  expect(names.nameOf("nodes", { metadata: { name: "node-1" } })).toBe("node-1");
});
