/** `setpoint`: a control plane you can import. */
export { createControlPlane, type ControlPlane } from "./control-plane.ts";
export type { AnswersWebhook, LocalAnswer } from "./local-webhooks.ts";
export type { ControlPlaneOptions, ServeOptions, StoreOptions } from "./options.ts";
export type { Serving } from "./serving.ts";
