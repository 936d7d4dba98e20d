/** The virtual world under the path of tests. */
export {
  VIRTUAL_EPOCH_MS,
  virtualEnv,
  type LogLine,
  type VirtualEnv,
} from "../virtual/virtual-env.ts";
