import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { regionOf } from '../../handler/provisioner/aws/secrets';
import { progressOn } from '../progress';
import { UsageError } from '../usage';
import { examine } from './examine';
import type { DoctorPorts } from './ports';
import { asJson, asText, hasNoFailures } from './print';

/** The text of `doctor --help`. */
export const DOCTOR_HELP = `Usage: cdk-datafold-postgres doctor (--stack NAME | --secret ARN) [options]

Checks, with your AWS credentials, whether Datafold can read PostgreSQL and its statement log, as deployed.
Changes nothing, except that it creates and drops a table in the schema for temporary tables.

  --stack NAME      the stack with the constructs of this library
  --secret ARN      one data source: the secret of a DataSource
  --region REGION   the region [that of the secret's ARN, else of your environment or profile]
  --profile NAME    the profile of your AWS credentials
  --ca FILE         PEM certificates to trust for connections from this machine
  --json            print JSON
  -h, --help        this text

The role is tested from this machine if it can reach the server, otherwise by the function of the stack
(lambda:InvokeFunction); the output says which. Exit status: 0 if nothing failed, 1 if a check failed, 2 for invalid options.
`;

/** The options of the command. */
export const OPTIONS = {
  stack: { type: 'string' },
  secret: { type: 'string' },
  region: { type: 'string' },
  profile: { type: 'string' },
  ca: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Standard output and standard error. */
export interface Output {
  out(text: string): void;
  readonly error: { isTTY?: boolean; write(text: string): unknown };
}

/** Runs `cdk-datafold-postgres doctor` and returns its exit status. */
export async function doctor(
  args: readonly string[],
  makePorts: () => DoctorPorts,
  output: Output,
): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  const { stack, secret, profile, ca, json } = values;
  const region = values.region ?? (secret && regionOf(secret));
  if (!stack && !secret) throw new UsageError('Name a stack by --stack, or a secret by --secret');
  // The SDK reads these when the first client is created.
  if (region !== undefined) process.env.AWS_REGION = region;
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  const caCertificate = ca === undefined ? undefined : readCa(ca);
  const { show, end } = progressOn(output.error);
  const checks = await examine(makePorts(), { stack, secret, caCertificate }, show).finally(end);
  output.out(json ? asJson(checks) : asText(checks));
  return hasNoFailures(checks) ? 0 : 1;
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca ${file} can't be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
