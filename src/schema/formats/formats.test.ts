import { expect, test } from "vitest";
import { enforcedFormat, formatCheck } from "./formats.ts";

type Case = {
  readonly format: string;
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
};

const CASES: readonly Case[] = [
  {
    format: "date",
    valid: ["2026-11-23", "2024-02-29"],
    invalid: ["2026-2-3", "2026-02-29", "2026-13-01", "2026-11-23T00:00:00Z", ""],
  },
  {
    format: "date-time",
    valid: ["2026-11-23T01:02:03Z", "2026-11-23t01:02:03.5z", "2026-11-23T01:02:03+01:00"],
    invalid: ["2026-11-23", "2026-11-23T24:00:00Z", "2026-11-23 01:02:03Z", "now"],
  },
  {
    format: "duration",
    valid: ["1h30m", "-1.5h", "0", "3 days", "22 ns", "1 wk", "10 minutes"],
    invalid: ["", "h", "5", "1x", "forever"],
  },
  {
    format: "byte",
    valid: ["YQ==", "YWI=", "YWJj"],
    invalid: ["", "YQ", "YQ=", "Y===", "!!!!"],
  },
  {
    format: "uuid",
    valid: ["123e4567-e89b-12d3-a456-426614174000", "123E4567E89B12D3A456426614174000"],
    invalid: ["123e4567", "g23e4567-e89b-12d3-a456-426614174000"],
  },
  {
    format: "uuid4",
    valid: ["123e4567-e89b-42d3-a456-426614174000"],
    invalid: ["123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-42d3-c456-426614174000"],
  },
  {
    format: "email",
    valid: ["a@b.c", "Some One <a@b.c>", '"a b"@c.d', "<a@b>"],
    invalid: ["", "a", "a@", "@b", "a..b@c.d", "a@b.c x", "a b@c.d"],
  },
  { format: "ipv4", valid: ["1.2.3.4", "010.1.1.1"], invalid: ["1.2.3", "1.2.3.256", "::1"] },
  { format: "ipv6", valid: ["::1", "fe80::1:2"], invalid: ["1.2.3.4", "fe80::1%eth0", ":"] },
  {
    format: "cidr",
    valid: ["10.0.0.0/8", "010.0.0.0/8", "fd00::/64"],
    invalid: ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "fd00::/129"],
  },
  {
    format: "mac",
    valid: ["01:23:45:67:89:ab", "01-23-45-67-89-ab", "0123.4567.89ab"],
    invalid: ["01:23:45:67:89", "01:23:45:67:89:ag", "0123456789ab"],
  },
  {
    format: "uri",
    valid: ["http://a.b/c?d", "/path", "mailto:x", "https://u:p@h:80/", "http://[::1]:80/"],
    invalid: ["", "a/b", "http://h:port/", "/%zz", "http://a b/", ":x"],
  },
  {
    format: "hostname",
    valid: ["localhost", "a-b.example.com", "1.example.com"],
    invalid: ["-a", "a_b.example.com", "a.b.1", `${"a".repeat(64)}.com`, ""],
  },
  { format: "isbn", valid: ["0321751043", "978-0321751041"], invalid: ["0321751044", "x"] },
  { format: "creditcard", valid: ["4111 1111 1111 1111"], invalid: ["4111 1111 1111 1112"] },
  { format: "ssn", valid: ["123-45-6789"], invalid: ["123456789", "123-456-789"] },
  { format: "hexcolor", valid: ["#FFF", "a1b2c3"], invalid: ["#FFFF", "red"] },
  { format: "rgbcolor", valid: ["rgb(1, 20, 255)"], invalid: ["rgb(1,2,256)", "rgb(1,2)"] },
  { format: "k8s-short-name", valid: ["a-b"], invalid: ["a.b", "A", "a".repeat(64)] },
  { format: "k8s-long-name", valid: ["a-b.c"], invalid: ["a..b", "A.b"] },
  { format: "bsonobjectid", valid: ["0123456789abcdef01234567"], invalid: ["0123"] },
  { format: "password", valid: ["", "anything"], invalid: [] },
];

for (const { format, valid, invalid } of CASES) {
  test(`formats: ${format}`, () => {
    const check = formatCheck(format);
    expect(valid.filter((text) => check?.(text) !== true)).toEqual([]);
    expect(invalid.filter((text) => check?.(text) !== false)).toEqual([]);
  });
}

test("formats: of other types, and unknown ones, are not enforced", () => {
  expect(enforcedFormat("date", "integer")).toBe("");
  expect(enforcedFormat("int32", "integer")).toBe("int32");
  expect(enforcedFormat("double", "number")).toBe("double");
  expect(enforcedFormat("int32", "string")).toBe("");
  expect(enforcedFormat("nobody-knows", "string")).toBe("");
});

test("formats: long hostile texts are judged in time", () => {
  const start = performance.now();
  for (const text of ["1".repeat(200_000), "a.".repeat(100_000), `${"a".repeat(200_000)}@`]) {
    for (const { format } of CASES) expect(formatCheck(format)?.(text)).toBeTypeOf("boolean");
  }
  expect(performance.now() - start).toBeLessThan(2_000);
});
