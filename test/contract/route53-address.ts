// Where the tests' Route 53 API listens, for tests inside workerd, which cannot listen themselves.
import "vitest";

/** "http://127.0.0.1:1234". */
export type Route53Url = string;

declare module "vitest" {
  interface ProvidedContext {
    readonly route53Url: Route53Url;
  }
}
