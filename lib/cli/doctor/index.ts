import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { regionOf } from '../../handler/provisioner/aws/secrets';
import { progressOn } from '../progress';
import { UsageError } from '../usage';
import { examine } from './examine';
import type { DoctorPorts } from './ports';
import { asJson, asText, isWell } from './print';

/** What `doctor --help` prints. */
export const DOCTOR_HELP = `Usage: cdk-datafold-postgres doctor (--stack NAME | --secret ARN) [options]

Looks whether Datafold can read PostgreSQL and its statement log, as it was deployed, with your AWS credentials.
Changes nothing, but for a table that is made in the schema for temporary tables and dropped at once.

  --stack NAME      the stack with the constructs of this library
  --secret ARN      one data source: the secret of a DataSource
  --region REGION   the region [that of the secret's ARN, else of your environment or profile]
  --profile NAME    the profile of your AWS credentials
  --ca FILE         PEM certificates to trust for connections from here
  --json            print JSON
  -h, --help        this text

Steps as the role are taken from here where the server can be reached, else by the function of the stack
(lambda:InvokeFunction); the line says which. Exit status: 0 if nothing failed, 1 if something did, 2 for wrong options.
`;

/** What may be given. */
export const OPTIONS = {
  stack: { type: 'string' },
  secret: { type: 'string' },
  region: { type: 'string' },
  profile: { type: 'string' },
  ca: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Where the text goes. */
export interface Output {
  out(text: string): void;
  readonly error: { isTTY?: boolean; write(text: string): unknown };
}

/** `cdk-datafold-postgres doctor`: the exit status. */
export async function doctor(
  args: readonly string[],
  makePorts: () => DoctorPorts,
  output: Output,
): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  const { stack, secret, profile, ca, json } = values;
  const region = values.region ?? (secret && regionOf(secret));
  if (!stack && !secret) throw new UsageError('Name a stack by --stack, or a secret by --secret');
  // What the SDK looks at; before the first client is made.
  if (region !== undefined) process.env.AWS_REGION = region;
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  const caCertificate = ca === undefined ? undefined : readCa(ca);
  const { show, end } = progressOn(output.error);
  const checks = await examine(makePorts(), { stack, secret, caCertificate }, show).finally(end);
  output.out(json ? asJson(checks) : asText(checks));
  return isWell(checks) ? 0 : 1;
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca ${file} can't be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
