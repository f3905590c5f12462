// A Route 53 API of written answers, over HTTP on loopback: for all that moto makes up (paging inside a group, throttling,
// conflicts, per-checker statuses, calculated checks). The XML has the element names of the service model 2013-04-01.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface WrittenAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface Route53Server {
  readonly url: string;
  /** "GET /2013-04-01/hostedzone/Z1", in the order of arrival. */
  readonly asked: readonly string[];
  /** What came with them; "" where nothing did. */
  readonly bodies: readonly string[];
  close(): Promise<void>;
}

const NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/";

export function xml(root: string, inside: string, status = 200): WrittenAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${inside}</${root}>`;
  return { status, type: "text/xml", body };
}

export function errorXml(code: string, message: string, status: number): WrittenAnswer {
  const inside = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId>`;
  return xml("ErrorResponse", inside, status);
}

/** `answer` gets method, path and query as one text, how often that very text was asked before, and what it was signed with. */
export async function startRoute53Server(
  answer: (request: string, before: number, authorization: string, body: string) => WrittenAnswer,
): Promise<Route53Server> {
  const asked: string[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const line = `${request.method ?? ""} ${request.url ?? ""}`;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const before = asked.filter((earlier) => earlier === line).length;
      const sent = Buffer.concat(chunks).toString();
      const { status, type, body } = answer(line, before, request.headers.authorization ?? "", sent);
      asked.push(line);
      bodies.push(sent);
      response.writeHead(status, { "content-type": type }).end(body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return { url: `http://127.0.0.1:${portOf(server)}`, asked, bodies, close: async () => closing(server) };
}

function portOf(server: Server): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on TCP has such an address
  return (server.address() as AddressInfo).port;
}

function closing(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

/** What checkers saw last, of which the first `healthy` succeeded. */
export function statusXml(healthy: number, total: number): WrittenAnswer {
  const status = (index: number): string =>
    index < healthy
      ? "Success: HTTP Status Code 200, OK. Resolved IP: 192.0.2.10"
      : "Failure: Connection timed out. The endpoint or the internet connection is down";
  const observations = Array.from(
    { length: total },
    (_, index) =>
      `<HealthCheckObservation><Region>eu-west-1</Region><IPAddress>15.177.2.${index}</IPAddress><StatusReport><Status>${status(index)}</Status><CheckedTime>2026-11-22T11:59:50Z</CheckedTime></StatusReport></HealthCheckObservation>`,
  );
  const inside = `<HealthCheckObservations>${observations.join("")}</HealthCheckObservations>`;
  return xml("GetHealthCheckStatusResponse", inside);
}
