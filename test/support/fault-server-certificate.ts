// An authority and a certificate made on the spot, so that no private key lies in the repository: as much DER as that needs.
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from "node:crypto";

const SEQUENCE = 0x30;
const OID_ECDSA_SHA256 = "2a8648ce3d040302";
const OID_COMMON_NAME = "550403";
const OID_ALT_NAMES = "551d11";
const OID_BASIC_CONSTRAINTS = "551d13";

export interface Certificate {
  readonly name: string;
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

/** UTCTime. */
const VALID_FROM = "200101000000Z";
const VALID_UNTIL = "491231235959Z";

/** A certificate authority, valid from 2020 to 2049 like all that it issues, unless told otherwise. */
export function makeAuthority(name: string): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const isAuthority = extension(OID_BASIC_CONSTRAINTS, der(SEQUENCE, der(0x01, Buffer.from([0xff]))));
  const subject = { name, publicKey, privateKey, extensions: isAuthority, until: VALID_UNTIL };
  return seal(subject, { name, key: privateKey });
}

/** Valid for `name` and for 127.0.0.1. */
export function makeCertificate(name: string, authority: Certificate, until = VALID_UNTIL): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const altNames = der(SEQUENCE, der(0x82, Buffer.from(name)), der(0x87, Buffer.from([127, 0, 0, 1])));
  const subject = { name, publicKey, privateKey, extensions: extension(OID_ALT_NAMES, altNames), until };
  return seal(subject, { name: authority.name, key: createPrivateKey(authority.key) });
}

interface Subject {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly extensions: Buffer;
  readonly until: string;
}

function seal(subject: Subject, issuer: { readonly name: string; readonly key: KeyObject }): Certificate {
  const algorithm = der(SEQUENCE, der(0x06, hex(OID_ECDSA_SHA256)));
  const body = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer.name),
    der(SEQUENCE, der(0x17, Buffer.from(VALID_FROM)), der(0x17, Buffer.from(subject.until))),
    distinguishedName(subject.name),
    subject.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(SEQUENCE, subject.extensions)),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", body, issuer.key));
  const cert = new X509Certificate(der(SEQUENCE, body, algorithm, signature)).toString();
  return { name: subject.name, key: subject.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), cert };
}

function distinguishedName(name: string): Buffer {
  return der(SEQUENCE, der(0x31, der(SEQUENCE, der(0x06, hex(OID_COMMON_NAME)), der(0x0c, Buffer.from(name)))));
}

function extension(oid: string, value: Buffer): Buffer {
  return der(SEQUENCE, der(0x06, hex(oid)), der(0x04, value));
}

function hex(text: string): Buffer {
  return Buffer.from(text, "hex");
}

/** Tag, length, contents. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const contents = Buffer.concat(parts);
  const size = contents.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), contents]);
}
