import { expect, test } from "vitest";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { Patience, ReaderTooSlowError, type AnswerLength } from "./patience.ts";

const LIMITS = { answerMsMax: 60_000, stalledMsMax: 40_000, closeStalledMsMax: 300 };

function aPatience(length: AnswerLength) {
  const env = virtualEnv();
  const ends: Error[] = [];
  const onEnd = (error: Error): void => void ends.push(error);
  const patience = new Patience({ timers: env.timers, limits: LIMITS, onEnd });
  patience.begin(length);
  return { env, patience, ends };
}

test("patience: an answer with an end is to be taken in a minute, however it goes on", async () => {
  const { env, patience, ends } = aPatience("whole");
  for (let second = 0; second < 59; second += 1) {
    patience.wait();
    await env.advance(1_000);
    patience.goOn();
  }
  expect(ends).toEqual([]);
  await env.advance(1_000);
  expect(ends).toEqual([new ReaderTooSlowError()]);
  expect(env.pendingTimers).toBe(0);
});

test("patience: a quiet watch goes on, one that leaves lying what it got ends", async () => {
  const { env, patience, ends } = aPatience("events");
  await env.advance(86_400_000);
  patience.wait();
  await env.advance(39_000);
  patience.goOn();
  await env.advance(86_400_000);
  expect(ends).toEqual([]);
  patience.wait();
  await env.advance(40_000);
  expect(ends).toEqual([new ReaderTooSlowError()]);
});

test("patience: the reader of a log may pause as long as the server runs", async () => {
  const { env, patience, ends } = aPatience("stream");
  patience.wait();
  await env.advance(86_400_000);
  expect(ends).toEqual([]);
  patience.close();
  await env.advance(300);
  expect(ends).toEqual([new ReaderTooSlowError()]);
});

test("patience: who still takes something while the server closes is not cut off", async () => {
  const { env, patience, ends } = aPatience("whole");
  patience.close();
  for (let turn = 0; turn < 20; turn += 1) {
    patience.wait();
    await env.advance(200);
    patience.goOn();
  }
  expect(ends).toEqual([]);
  patience.wait();
  await env.advance(300);
  expect(ends).toHaveLength(1);
});

test("patience: an answer that is over leaves no timer behind", async () => {
  const { env, patience, ends } = aPatience("whole");
  patience.close();
  patience.wait();
  patience.stop();
  patience.wait();
  expect(env.pendingTimers).toBe(0);
  await env.advance(86_400_000);
  expect(ends).toEqual([]);
});
