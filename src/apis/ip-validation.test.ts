import fc from "fast-check";
import { expect, test } from "vitest";
import { cidrErrors, interfaceAddressErrors, ipProblem, parseCidr } from "./ip-validation.ts";

for (const [text, problem] of [
  ["10.0.0.1", undefined],
  ["2001:db8::1", undefined],
  ["::", undefined],
  ["10.0.0", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"],
  ["010.0.0.1", "must not have leading 0s"],
  ["::ffff:10.0.0.1", "must not be an IPv4-mapped IPv6 address"],
  ["2001:DB8::1", 'must be in canonical form ("2001:db8::1")'],
  ["2001:db8:0:0:1:0:0:1", 'must be in canonical form ("2001:db8::1:0:0:1")'],
] as const) {
  test(`the address ${text} is judged: ${problem}`, () => {
    expect(ipProblem(text)).toBe(problem);
  });
}

for (const [text, problem] of [
  ["10.0.0.0/8", undefined],
  ["2001:db8::/32", undefined],
  ["10.0.0.0", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"],
  ["10.0.0.0/33", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"],
  ["10.0.0.0/08", "must not have leading 0s in IP or prefix length"],
  ["10.0.0.1/8", "must not have bits set beyond the prefix length"],
  ["::ffff:10.0.0.0/104", "must not have an IPv4-mapped IPv6 address"],
] as const) {
  test(`the range ${text} is judged: ${problem}`, () => {
    expect(cidrErrors("f", text)[0]?.detail).toBe(problem);
  });
}

test("the address of an interface keeps its host", () => {
  expect(interfaceAddressErrors("f", "10.0.0.1/8")).toEqual([]);
  expect(interfaceAddressErrors("f", "10.0.0.1")).toHaveLength(1);
});

test("an IPv6 address that is spelled canonically is read to the same bits", () => {
  const groups = fc.array(fc.constantFrom(0, 0, 0, 1, 0xffff), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(groups, (parts) => {
      const long = parts.map((part) => part.toString(16)).join(":");
      const told = cidrErrors("f", `${long}/128`)[0]?.detail ?? `("${long}/128")`;
      const canonical = /\("(.*)"\)/.exec(told)?.[1];
      fc.pre(canonical !== undefined); // mapped ones are refused
      expect(cidrErrors("f", canonical ?? "")).toEqual([]);
      expect(parseCidr(canonical ?? "")?.bits).toBe(parseCidr(`${long}/128`)?.bits);
    }),
  );
});
