// The forms of names that a topology may hold, as patterns, so that the JSON Schema for editors carries them too.

/** One label (RFC 1123): region and vantage ids become Kubernetes names, set identifiers and metric labels. */
export const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Lower case, without the final dot; the last label starts with a letter, so that no address passes for a name. */
export const DNS_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** "us-east-1", "us-gov-west-1", "eusc-de-east-1": the form only, because AWS opens new ones every year. */
export const AWS_REGION = /^[a-z]{2,4}(-[a-z]{2,12}){1,2}-[0-9]{1,2}$/;

/** Whatever a kubeconfig calls a context, an EKS ARN for example; never anything that kubectl could take for a flag. */
export const CONTEXT_NAME = /^[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,252}$/;

/** Repository with an optional registry, tag and digest. */
export const IMAGE_NAME = /^[a-z0-9][A-Za-z0-9_.:/@-]{0,511}$/;

/** Of a Secret or a PriorityClass (RFC 1123 subdomain). */
export const OBJECT_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** Path and query of a health check, 255 characters at most (Route 53 API Reference, HealthCheckConfig, ResourcePath). */
export const HEALTH_PATH = /^[/][!"$-~]{0,254}$/;

/** A token of RFC 6265 without its odder characters. */
export const COOKIE_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Of a lint rule: "KF-OVERRIDE-NOT-PLACED". */
export const RULE_ID = /^[A-Z0-9]+(-[A-Z0-9]+)+$/;
