import { aContext } from "../../../base/testing/context.ts";
import { virtualEnv } from "../../../base/virtual/virtual-env.ts";
import { runtimeConformance, type Behaviour } from "../conformance.ts";
import { FakeRuntime, type FakeImage } from "./fake-runtime.ts";

const IMAGES: Readonly<Record<Behaviour, FakeImage>> = {
  runs: {},
  "runs-and-ignores-the-signal": { onTerm: "ignore" },
  "exits-0": { exit: { afterMs: 10, code: 0 } },
  "exits-3": { exit: { afterMs: 10, code: 3 } },
  "cannot-start": { startError: "there is no such program" },
  "no-image": { missing: "image-not-found" },
};

runtimeConformance("the fake runtime", () => {
  const env = virtualEnv();
  const runtime = new FakeRuntime(env);
  for (const [name, image] of Object.entries(IMAGES)) runtime.images.set(name, image);
  return Promise.resolve({
    runtime,
    context: aContext(env),
    config: (behaviour: Behaviour) => ({ image: behaviour }),
    ready: () => Promise.resolve(),
    until: async (condition: () => Promise<boolean>) => {
      while (!(await condition())) await env.advance(10);
    },
    during: async <T>(work: Promise<T>) => {
      await env.advance(1_000);
      return work;
    },
    restart: () => Promise.resolve(runtime),
    logDirectory: "/logs",
    close: () => Promise.resolve(),
  });
});
