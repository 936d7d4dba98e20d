import { expect, test } from "vitest";
import { AddressPool, listeningAddresses, parseRange } from "./address-pool.ts";

test("addresses are given again after they were given back and all others used", () => {
  const pool = new AddressPool("127.64.0.0/30");
  expect([pool.take(), pool.take(), pool.take()]).toEqual(["127.64.0.1", "127.64.0.2", undefined]);
  pool.give("127.64.0.1");
  expect(pool.take()).toBe("127.64.0.1");
});

test("addresses in use since before, and those of others, are passed over", () => {
  const pool = new AddressPool("127.64.0.0/29");
  pool.keep("127.64.0.2");
  pool.keep("10.0.0.1");
  expect(pool.take(new Set(["127.64.0.3"]))).toBe("127.64.0.4");
});

test("pools of one range begin at different places", () => {
  const first = new AddressPool("127.64.0.0/16", "/a").take();
  expect(new AddressPool("127.64.0.0/16", "/a").take()).toBe(first);
  expect(new AddressPool("127.64.0.0/16", "/b").take()).not.toBe(first);
});

test("a range is of the loopback network and holds some addresses", () => {
  expect(parseRange("127.64.3.4/16")).toEqual(parseRange("127.64.0.0/16"));
  for (const range of ["10.0.0.0/16", "127.0.0.0/8", "127.0.0.0/31", "127.0.0.256/16", "x"]) {
    expect(() => parseRange(range)).toThrow("podRange");
  }
});

test("listening addresses are read from the kernel's table", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue",
    "   0: 0200417F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000",
    "   1: 0100007F:0016 0100007F:9C40 01 00000000:00000000 00:00000000 00000000",
    "",
  ].join("\n");
  expect([...listeningAddresses(table)]).toEqual(["127.65.0.2"]);
});
