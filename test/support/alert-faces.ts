// The alert faces of a monitor that tells nobody anything.
import type { AlertFaces } from "../../monitor/http/alert-routes.ts";

export const NO_ALERT_FACES: AlertFaces = {
  readAlerts: () => Promise.resolve({ channels: [], waiting: [], dead: [] }),
  testAlert: () => Promise.resolve(false),
  retryAlerts: () => Promise.resolve(0),
};
