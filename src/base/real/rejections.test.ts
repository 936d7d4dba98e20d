import { expect, test } from "vitest";
import { realTurn } from "../virtual/real-turn.ts";
import { holdRejections, rejectionsGoTo } from "./rejections.ts";

test("a rejection that nobody handles goes to who runs, and later to who listened", async () => {
  const before = process.listeners("unhandledRejection");
  const heard: unknown[] = [];
  const first = holdRejections();
  const second = holdRejections();
  rejectionsGoTo((reason) => heard.push(reason));
  void Promise.reject(new Error("nobody cares"));
  await realTurn();
  first();
  first();
  void Promise.reject(new Error("nor now"));
  await realTurn();
  second();
  expect(heard.map(String)).toEqual(["Error: nobody cares", "Error: nor now"]);
  expect(process.listeners("unhandledRejection")).toEqual(before);
});
