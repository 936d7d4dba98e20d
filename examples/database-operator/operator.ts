/** What the program is made of: for `main.ts`, and for `setpoint generate`. */
export { backups } from "./backups.ts";
export { databases } from "./databases.ts";
export { databaseWebhook } from "./webhook.ts";
