/** Of the parts themselves: processes stay up, and the server keeps its own rules. */
import { errorText } from "../../base/error-text.ts";
import type { MakeOracle } from "./oracle.ts";

/** When all is mended no process ends by itself. */
export const processesStayUp: MakeOracle = () => ({
  name: "processes stay up",
  atEnd: ({ processes }) => {
    const ended = processes.find(({ ends }) => ends > ENDS_MAX);
    return ended === undefined
      ? undefined
      : `${ended.name} has ended ${ended.ends} times by itself, although all is mended`;
  },
  onRestless: ({ processes }) => {
    const ended = processes.find(({ ends }) => ends > ENDS_MAX);
    return ended === undefined ? undefined : `${ended.name} ends again and again by itself`;
  },
});

/** One who has lost a lease meanwhile ends once, and rightly so. */
const ENDS_MAX = 2;

/** Every write has a revision of its own, each greater than the one before. */
export const revisionsGrow: MakeOracle = () => {
  let last = 0;
  return {
    name: "revisions grow",
    onWrite: ({ revision, key }) => {
      const before = last;
      last = revision;
      return revision > before ? undefined : `${key}: revision ${revision} after ${before}`;
    },
  };
};

/** No promise is rejected and no timer throws where nobody handles it: a real process would end. */
export const noUncaughtErrors: MakeOracle = () => ({
  name: "no uncaught errors",
  onUncaught: (actor, error) =>
    `${actor}: nobody handles ${errorText(error)}; in production the process would end here`,
});
