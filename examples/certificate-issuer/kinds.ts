/** The kinds: an Issuer is a certificate authority, a Certificate is what one wants of it. */
import { defineResource, type DefinedResource } from "setpoint/controller-runtime";
import { z } from "zod";

export type IssuerSpec = { readonly commonName: string; readonly days: number };
export type IssuerStatus = {
  /** Of the authority's certificate: another one here means that all are issued anew. */
  readonly fingerprint?: string | undefined;
  readonly notAfter?: string | undefined;
};

export const Issuer: DefinedResource<
  IssuerSpec,
  IssuerStatus,
  Partial<IssuerSpec>
> = defineResource({
  group: "certificates.example.dev",
  version: "v1",
  kind: "Issuer",
  description: "A certificate authority that signs itself, kept in a Secret.",
  spec: z.object({
    commonName: z.string().min(1).max(64).default("Example authority"),
    days: z.int().min(1).max(7_300).default(3_650).describe("How long it is valid."),
  }),
  status: z.object({ fingerprint: z.string().optional(), notAfter: z.string().optional() }),
  columns: [
    { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: "Expires", type: "string", jsonPath: ".status.notAfter" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
});

export type CertificateSpec = {
  readonly issuer: string;
  readonly dnsNames: readonly string[];
  readonly hours: number;
  readonly secretName?: string | undefined;
};
export type CertificateInput = Pick<CertificateSpec, "issuer" | "dnsNames"> &
  Partial<CertificateSpec>;
export type CertificateStatus = {
  readonly secretName?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly notAfter?: string | undefined;
  readonly renewsAt?: string | undefined;
};

const DNS_NAME = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export const Certificate: DefinedResource<CertificateSpec, CertificateStatus, CertificateInput> =
  defineResource({
    group: "certificates.example.dev",
    version: "v1",
    kind: "Certificate",
    shortNames: ["cert"],
    description:
      "A certificate and its key in a Secret, renewed when two thirds of its life is over.",
    spec: z.object({
      issuer: z.string().min(1).describe("An Issuer of the same namespace."),
      dnsNames: z.array(z.string().max(253).regex(DNS_NAME)).min(1).max(100).readonly(),
      hours: z.int().min(1).max(87_600).default(2_160).describe("How long it is valid."),
      secretName: z.string().optional().describe("Default: the name of the certificate."),
    }),
    status: z.object({
      secretName: z.string().optional(),
      serialNumber: z.string().optional(),
      notAfter: z.string().optional(),
      renewsAt: z.string().optional(),
    }),
    // A column of type date shows an age, and a time to come as <invalid>: so these are strings.
    columns: [
      { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: "Secret", type: "string", jsonPath: ".status.secretName" },
      { name: "Expires", type: "string", jsonPath: ".status.notAfter" },
      { name: "Renews", type: "string", jsonPath: ".status.renewsAt", priority: 1 },
      { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    ],
  });
