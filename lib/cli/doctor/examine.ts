import { Checks, type Check } from './check';
import { dataSourcesOf, type DataSource } from './data-sources';
import { readForm } from './form';
import { checkLog } from './log';
import { checkNetwork } from './network';
import type { DoctorPorts } from './ports';
import { checkSteps } from './steps';

/** What to check. */
export interface DoctorTarget {
  readonly stack?: string;
  readonly secret?: string;
  /** PEM certificates to trust for connections from this machine. */
  readonly caCertificate?: string;
}

type Progress = (what: string) => void;

/** Runs all checks, one after the other. */
export async function examine(
  ports: DoctorPorts,
  target: DoctorTarget,
  progress: Progress,
): Promise<Check[]> {
  const { secret, caCertificate } = target;
  const stack = target.stack ?? (secret && (await ports.stackOfSecret(secret).catch(() => undefined)));
  const all: Check[] = [];
  let dataSources: DataSource[] = [];
  if (stack) {
    const checks = new Checks(stack, progress);
    dataSources = await checkStack(checks, ports, stack);
    all.push(...checks.all);
  }
  if (secret) dataSources = [dataSources.find((one) => one.secret === secret) ?? { secret }];
  for (const dataSource of dataSources)
    all.push(...(await checkDataSource(ports, dataSource, caCertificate, progress)));
  return all;
}

async function checkStack(checks: Checks, ports: DoctorPorts, name: string): Promise<DataSource[]> {
  const inspected = await checks.attempt(
    'stack',
    'Allow your AWS credentials to read the stack.',
    async () => ({
      found: await ports.findStack(name),
    }),
  );
  if (!inspected) return [];
  const { found } = inspected;
  if (!found) {
    checks.fail(
      'stack',
      'There is no such stack in this account and region.',
      'Check --stack, --region and --profile.',
    );
    return [];
  }
  if (/^(CREATE|UPDATE)_COMPLETE$/.test(found.status)) checks.ok('stack', `It is ${found.status}.`);
  else
    checks.warn(
      'stack',
      `It is ${found.status}.`,
      'Deploy it again; the events of the stack tell what went wrong.',
    );
  await checkNetwork(checks, ports, found);
  const dataSources = dataSourcesOf(found);
  if (dataSources.length === 0)
    checks.fail(
      'connections',
      'The stack has no data source of this library.',
      'Name the stack with the DatafoldPostgres construct.',
    );
  return dataSources;
}

async function checkDataSource(
  ports: DoctorPorts,
  { secret, access }: DataSource,
  caCertificate: string | undefined,
  progress: Progress,
): Promise<Check[]> {
  const unnamed = new Checks(secret, progress);
  const text = await unnamed.attempt('secret', 'Allow your AWS credentials to read the secret.', () =>
    ports.readSecret(secret),
  );
  if (text === undefined) return unnamed.all;
  const { form, missing } = readForm(text);
  const checks = new Checks(form?.name || secret, progress);
  if (missing.length > 0)
    checks.fail(
      'form',
      `The data source in ${secret} lacks: ${missing.join(', ')}.`,
      'Deploy with another `revision`: that puts the form together.',
    );
  else checks.ok('form', `The data source is complete (${form!.type}).`);
  if (!form) return checks.all;
  const logStatement = await checkSteps(checks, ports, form, access, caCertificate);
  await checkLog(checks, ports, form, logStatement);
  return checks.all;
}
