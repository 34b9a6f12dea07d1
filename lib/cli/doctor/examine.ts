import { Checks, type Check } from './check';
import { dataSourcesOf, type DataSource } from './data-sources';
import { readForm, type Form } from './form';
import { checkLog } from './log';
import { checkNetwork } from './network';
import type { DoctorPorts, StackFacts } from './ports';
import { checkRotations } from './rotation';
import { checkSteps } from './steps';

/** What to check. */
export interface DoctorTarget {
  readonly stack?: string;
  readonly secret?: string;
  /** PEM certificates to trust for connections from this machine. */
  readonly caCertificate?: string;
  /** The secret of an administrator for the Data API. */
  readonly dataApiSecret?: string;
}

type Progress = (what: string) => void;

/** The checks, and what they read that a report needs. */
export interface Examination {
  readonly checks: readonly Check[];
  readonly forms: readonly Form[];
  readonly stack?: StackFacts;
}

/** Runs all checks, one after the other. */
export async function examine(
  ports: DoctorPorts,
  target: DoctorTarget,
  progress: Progress,
): Promise<Examination> {
  const { secret } = target;
  const stack = target.stack ?? (secret && (await ports.stackOfSecret(secret).catch(() => undefined)));
  const all: Check[] = [];
  let inspected: StackInspection = { dataSources: [] };
  if (stack) {
    const checks = new Checks(stack, progress);
    inspected = await checkStack(checks, ports, stack);
    all.push(...checks.all);
  }
  let { dataSources } = inspected;
  if (secret) dataSources = [dataSources.find((one) => one.secret === secret) ?? { secret }];
  const forms: Form[] = [];
  for (const dataSource of dataSources) {
    const { checks, form } = await checkDataSource(ports, dataSource, target, progress);
    all.push(...checks);
    if (form) forms.push(form);
  }
  return { checks: all, forms, stack: inspected.found };
}

interface StackInspection {
  readonly found?: StackFacts;
  readonly dataSources: DataSource[];
}

async function checkStack(checks: Checks, ports: DoctorPorts, name: string): Promise<StackInspection> {
  const inspected = await checks.attempt(
    'stack',
    'Allow your AWS credentials to read the stack.',
    async () => ({
      found: await ports.findStack(name),
    }),
  );
  if (!inspected) return { dataSources: [] };
  const { found } = inspected;
  if (!found) {
    checks.fail(
      'stack',
      'There is no such stack in this account and region.',
      'Check --stack, --region and --profile.',
    );
    return { dataSources: [] };
  }
  if (/^(CREATE|UPDATE)_COMPLETE$/.test(found.status)) checks.ok('stack', `It is ${found.status}.`);
  else
    checks.warn(
      'stack',
      `It is ${found.status}.`,
      'Deploy it again; the events of the stack show the cause.',
    );
  await checkNetwork(checks, ports, found);
  await checkRotations(checks, ports, found);
  const dataSources = dataSourcesOf(found);
  if (dataSources.length === 0)
    checks.fail(
      'connections',
      'The stack has no data source of this library.',
      'Name the stack with the DatafoldPostgres construct.',
    );
  return { found, dataSources };
}

async function checkDataSource(
  ports: DoctorPorts,
  { secret, access }: DataSource,
  target: DoctorTarget,
  progress: Progress,
): Promise<{ checks: readonly Check[]; form?: Form }> {
  const unnamed = new Checks(secret, progress);
  const text = await unnamed.attempt('secret', 'Allow your AWS credentials to read the secret.', () =>
    ports.readSecret(secret),
  );
  if (text === undefined) return { checks: unnamed.all };
  const { form, missing } = readForm(text);
  const checks = new Checks(form?.name || secret, progress);
  if (missing.length > 0)
    checks.fail(
      'form',
      `The data source in ${secret} lacks: ${missing.join(', ')}.`,
      'Deploy with another `revision`, which writes the secret again.',
    );
  else checks.ok('form', `The data source is complete (${form!.type}).`);
  if (!form) return { checks: checks.all };
  const logStatement = await checkSteps(checks, ports, form, access, target);
  await checkLog(checks, ports, form, logStatement);
  return { checks: checks.all, form };
}
