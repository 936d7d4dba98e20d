import { engineConformance } from "../conformance.ts";
import { MemoryEngine } from "./memory-engine.ts";

engineConformance("memory", {
  open: async () => new MemoryEngine(),
  reopen: async (engine) => {
    await engine.close();
    return engine;
  },
});
