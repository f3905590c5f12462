// What must be here before anything else can be looked at: a Node that is new enough, and the packages. Knows neither of them
// itself, so that it can still speak where they are missing.
import { type DoctorRow, missing, present } from "./doctor-row.ts";

const NODE_MAJOR_MIN = 24;
const PACKAGES: readonly string[] = ["yaml", "zod", "hono", "dns-packet", "miniflare", "wrangler"];
export const INSTALL = "npm ci";

/** `version` such as "24.21.0". */
export function nodeRow(version: string): DoctorRow {
  const about = { group: "local world", name: "Node", neededFor: "everything here" } as const;
  return Number(version.split(".")[0]) >= NODE_MAJOR_MIN
    ? present(about, version)
    : missing(
        about,
        `${version}, expected ${NODE_MAJOR_MIN} or later`,
        `${INSTALL} (brings its own), then npm run -s monitor -- …`,
      );
}

/** Without them most of what follows cannot even be loaded. */
export function packagesRow(names: readonly string[] = PACKAGES): DoctorRow {
  const about = { group: "local world", name: "packages", neededFor: "everything here" } as const;
  const absent = names.filter((name) => !isInstalled(name));
  return absent.length === 0
    ? present(about, names.join(", "))
    : missing(about, `not installed: ${absent.join(", ")}`, INSTALL);
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
