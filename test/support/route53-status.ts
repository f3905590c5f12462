// GetHealthCheckStatus as the Worker's tests meet it: what comes back is in the health check's id.
import { errorXml, statusXml, type WrittenAnswer } from "./route53-server.ts";

/** Signature Version 4 for Route 53, by a key that is nobody's. */
const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/route53\/aws4_request, SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}$/;

export function answerStatus(request: string, _before: number, authorization: string): WrittenAnswer {
  if (!SIGNED.test(authorization)) return errorXml("MissingAuthenticationToken", "not signed", 403);
  const [, id = ""] = /^GET \/2013-04-01\/healthcheck\/([\w-]+)\/status$/.exec(request) ?? [];
  switch (id) {
    case "hc-aws":
      return statusXml(14, 16);
    case "hc-gcp":
      return statusXml(0, 16);
    case "throttled":
      return errorXml("Throttling", "Rate exceeded", 400);
    case "html":
      return { status: 200, type: "text/html", body: "<html><body>Sign in to the Wi-Fi</body></html>" };
    case "moved":
      return { status: 302, type: "text/html", body: "" };
    case "huge":
      return { status: 200, type: "text/xml", body: statusXml(16, 16).body + " ".repeat(1024 * 1024) };
    default:
      return errorXml("NoSuchHealthCheck", "No health check exists with the specified ID.", 404);
  }
}
