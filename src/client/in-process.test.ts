import { inProcessTransport } from "./in-process.ts";
import { transportConformance } from "./transport-conformance.ts";

transportConformance("in-process", (dispatch) =>
  Promise.resolve({
    transport: inProcessTransport({ dispatch, user: { name: "test", groups: [] } }),
    close: () => Promise.resolve(),
  }),
);
