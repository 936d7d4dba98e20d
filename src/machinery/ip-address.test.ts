import { expect, test } from "vitest";
import { ipv4Text, isIP, isIPv4, isIPv6, parseIPv4 } from "./ip-address.ts";

for (const { text, address } of [
  { text: "0.0.0.0", address: 0 },
  { text: "127.96.0.1", address: 0x7f600001 },
  { text: "255.255.255.255", address: 0xffffffff },
]) {
  test(`IP: ${text} is a number of 32 bits, and back`, () => {
    expect(parseIPv4(text)).toBe(address);
    expect(ipv4Text(address)).toBe(text);
  });
}

for (const text of ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1.2.3.", "a"]) {
  test(`IP: ${JSON.stringify(text)} is no address`, () => {
    expect(parseIPv4(text)).toBeUndefined();
    expect(isIPv4(text)).toBe(false);
    expect(isIP(text)).toBe(false);
  });
}

for (const { text, isAddress } of [
  { text: "::", isAddress: true },
  { text: "2001:db8::1", isAddress: true },
  { text: "1:2:3:4:5:6:7:8", isAddress: true },
  { text: "::ffff:10.0.0.1", isAddress: true },
  { text: "1:2:3:4:5:6:7", isAddress: false },
  { text: "1::2::3", isAddress: false },
  { text: "12345::", isAddress: false },
  { text: "::ffff:10.0.0.256", isAddress: false },
  { text: "fe80::1%eth0", isAddress: false },
]) {
  test(`IP: ${text} is ${isAddress ? "an" : "no"} IPv6 address`, () => {
    expect(isIPv6(text)).toBe(isAddress);
    expect(isIP(text)).toBe(isAddress);
  });
}
