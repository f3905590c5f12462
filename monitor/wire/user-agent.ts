// How we introduce ourselves to the service: some firewalls refuse requests without a name, and an operator who meets us in
// a log must be able to find out who we are.

/** The same as in package.json; a test holds them together. */
export const VERSION = "0.1.0";

export const USER_AGENT = `multicloud-probe/${VERSION} (+https://github.com/multicloud-probe/multicloud-probe)`;
