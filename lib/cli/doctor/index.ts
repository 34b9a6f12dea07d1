import { readFileSync } from 'node:fs';
import { regionOf } from '../../handler/provisioner/aws/secrets';
import type { Session } from '../aws/session';
import { AWS_OPTIONS, defineCommand, UsageError, type Command, type Values } from '../command';
import type { Terminal } from '../terminal';
import { progressOn } from '../terminal/progress';
import { examine } from './examine';
import type { DoctorPorts } from './ports';
import { asJson, asText, hasNoFailures } from './print';

const OPTIONS = {
  stack: { value: 'NAME', help: 'the stack with the constructs of this library' },
  secret: { value: 'ARN', help: 'one data source: the secret of a DataSource' },
  ...AWS_OPTIONS,
  region: {
    value: 'REGION',
    help: "the region [that of the secret's ARN, else of your environment or profile]",
  },
  ca: { value: 'FILE', help: 'PEM certificates to trust for connections from this machine' },
  json: { help: 'print JSON' },
} as const;

type MakePorts = (session: Session) => Promise<DoctorPorts>;

/** `doctor`: checks a deployment. */
export function doctorCommand(makePorts: MakePorts): Command {
  return defineCommand({
    name: 'doctor',
    summary: 'check whether Datafold can read PostgreSQL and its statement log, as deployed',
    description:
      'Checks, with your AWS credentials, whether Datafold can read PostgreSQL and its statement log, as deployed. Changes nothing, except that it creates and drops a table in the schema for temporary tables.',
    usage: '(--stack NAME | --secret ARN) [options]',
    options: OPTIONS,
    notes: `The role is tested from this machine if it can reach the server, otherwise by the function of the stack
(lambda:InvokeFunction); the output says which.
Exit status: 0 if nothing failed, 1 if a check failed, 2 for invalid options.`,
    run: async (values, terminal) => doctor(values, makePorts, terminal),
  });
}

async function doctor(
  { stack, secret, profile, ca, json, ...given }: Values<typeof OPTIONS>,
  makePorts: MakePorts,
  terminal: Terminal,
): Promise<number> {
  const region = given.region ?? (secret && regionOf(secret));
  if (!stack && !secret) throw new UsageError('Name a stack by --stack, or a secret by --secret');
  const caCertificate = ca === undefined ? undefined : readCa(ca);
  const ports = await makePorts({ region, profile });
  const { show, end } = progressOn(terminal.error);
  const checks = await examine(ports, { stack, secret, caCertificate }, (what) =>
    show(`checking ${what}`),
  ).finally(end);
  terminal.out(json ? asJson(checks) : asText(checks, terminal));
  return hasNoFailures(checks) ? 0 : 1;
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca ${file} can't be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
