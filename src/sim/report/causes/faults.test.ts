import { expect, test } from "vitest";
import { faultText } from "./faults.ts";

const TOLD: readonly (readonly [string, string, string | undefined])[] = [
  [
    "call: web: update pods default/a#2",
    "lost after effect",
    'web\'s call "update pods default/a": it has its effect, but the answer is lost and the ' +
      "connection reset",
  ],
  ["call: web: create pods default/a-*", "crash after effect", undefined],
  [
    "latency: web: get pods default/a, answer",
    "20s",
    'web\'s call "get pods default/a": the answer is under way for 20 s',
  ],
  ["lag: web's pods", "400s", "web's pods: what it is told of them comes 400 s late from now on"],
  [
    "event: web's pods sees added default/a",
    "expired",
    'web\'s pods: the stream is cut before "added default/a", and the view must list anew',
  ],
  [
    "event: web's pods sees added default/a",
    "pause 60s",
    'web\'s pods: that "added default/a", and all after it, comes 60 s late',
  ],
  ["list: web's pods", "5 behind", "web's pods: listed from a replica that is 5 writes behind"],
  ['pace: after "create Site web"', "300ms", undefined],
  ["something: new", "20s", "new: 20 s"],
];

for (const [name, taken, text] of TOLD) {
  test(`${name}, ${taken}: told so that nobody has to know its name`, () => {
    if (name.startsWith("pace")) expect(faultText(name, taken)).toContain("300 ms later");
    else expect(faultText(name, taken)).toBe(text);
  });
}
