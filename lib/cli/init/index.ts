import type { DBCluster, DBInstance, DBSubnetGroup } from '@aws-sdk/client-rds';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../aws/session';
import { AWS_OPTIONS, defineCommand, UsageError, type Command, type Values } from '../command';
import { writeFiles } from '../files';
import { checkedName } from '../names';
import type { Terminal } from '../terminal';
import { progressOn } from '../terminal/progress';
import { jsonText, visibleText } from '../terminal/visible';
import { withNetwork, withSecretKey } from './complete';
import { discover } from './discover';
import { FORMATS, type Format } from './formats';
import { listOf } from './list';
import { selectServers } from './select';
import type { FoundServer } from './server';

/** The calls to AWS. They throw errors whose messages can be shown to the user. */
export interface InitPorts {
  region(): Promise<string>;
  clusters(): Promise<DBCluster[]>;
  instances(): Promise<DBInstance[]>;
  subnetGroup(name: string): Promise<DBSubnetGroup | undefined>;
  /** As Secrets Manager names it; undefined for the key that AWS manages. */
  keyOfSecret(arn: string): Promise<string | undefined>;
}

type MakePorts = (session: Session) => Promise<InitPorts>;

const OPTIONS = {
  server: {
    value: 'ID',
    multiple: true,
    help: 'the server; may be given several times with --fleet [the only one that is supported; with --fleet all]',
  },
  typescript: { help: 'write an app for the AWS CDK in TypeScript' },
  python: { help: 'write an app for the AWS CDK in Python' },
  fleet: { help: 'write a fleet file, for many servers without code' },
  parameters: { help: 'write the parameters of the CloudFormation template' },
  database: {
    value: 'NAME',
    multiple: true,
    help: 'a database that Datafold is to read; may be given several times',
  },
  out: { value: 'FOLDER', default: '.', help: 'the folder to write to' },
  force: { help: 'overwrite existing files' },
  json: { help: 'print the servers as JSON', conflicts: ['typescript', 'python', 'fleet', 'parameters'] },
  ...AWS_OPTIONS,
} as const;

/** `init`: lists the PostgreSQL servers of a region and writes what sets up Datafold for them. */
export function initCommand(makePorts: MakePorts): Command {
  return defineCommand({
    name: 'init',
    summary: 'list your PostgreSQL servers and write the app, fleet file or parameters for them',
    description:
      'Asks AWS for the PostgreSQL servers of a region (Amazon Aurora and Amazon RDS) and lists them. With --typescript, --python, --fleet or --parameters it writes a file that sets up Datafold. Changes nothing in AWS. What cannot be determined is marked with TODO in the file.',
    usage: '[--typescript | --python | --fleet | --parameters] [--server ID] [options]',
    options: OPTIONS,
    notes: `Example:

  npx cdk-datafold-postgres init
  npx cdk-datafold-postgres init --server orders --database app --typescript

Needs rds:DescribeDBClusters, rds:DescribeDBInstances and rds:DescribeDBSubnetGroups, and
secretsmanager:DescribeSecret for the key of a secret.
Exit status: 0 if it is done, 1 if there is no such server or a file exists, 2 for invalid options.`,
    run: async (values, terminal) => init(values, makePorts, terminal),
  });
}

async function init(
  values: Values<typeof OPTIONS>,
  makePorts: MakePorts,
  terminal: Terminal,
): Promise<number> {
  const { region, profile, force, out } = values;
  const databases = (values.database ?? []).map((name) => checkedName('database', name));
  const formats = FORMATS.filter(({ option }) => values[option]);
  const ports = await makePorts({ region, profile });
  const servers = await readServers(ports, terminal);
  if (values.json) {
    terminal.out(jsonText(servers));
    return 0;
  }
  if (servers.length === 0) {
    const where = await ports.region();
    terminal.out(
      `There is no PostgreSQL server in ${where}. --region and --profile choose another region or account.\n`,
    );
    return 1;
  }
  if (formats.length === 0) {
    const listed = values.server ? selectServers(servers, values.server) : servers;
    terminal.out(visibleText(`${listOf(listed, terminal)}\n${WHAT_NEXT}`, terminal));
    return 0;
  }
  const chosen = choose(servers, values.server, formats, terminal);
  const complete = await Promise.all(
    chosen.map(async (one) => withSecretKey(await withNetwork(one, ports.subnetGroup), ports.keyOfSecret)),
  );
  const files = formats.map(({ file, write }) => ({
    path: join(out, file(complete)),
    text: write(complete, databases),
  }));
  mkdirSync(out, { recursive: true });
  writeFiles(files, force);
  const reports = formats.map(({ next }, i) => reportOn(files[i], next(files[i].path, complete)));
  terminal.out(visibleText([...reports, planFirst(chosen)].join('\n'), terminal));
  return 0;
}

const WHAT_NEXT = `Write what sets one of them up: npx cdk-datafold-postgres init --server ID --typescript (or --python, --parameters),
or all: npx cdk-datafold-postgres init --fleet.
`;

function planFirst(servers: readonly FoundServer[]): string {
  const commands = servers.map(
    ({ kind, identifier }) => `  npx cdk-datafold-postgres plan --${kind} ${identifier}`,
  );
  const some = commands.length > 3 ? [...commands.slice(0, 3), '  …'] : commands;
  return `Before you deploy, see what a deployment would do, in the same region:\n${some.join('\n')}\n`;
}

async function readServers(ports: InitPorts, terminal: Terminal): Promise<readonly FoundServer[]> {
  const { show, end } = progressOn(terminal.error);
  try {
    show('reading clusters');
    const clusters = await ports.clusters();
    show('reading instances');
    return discover(clusters, await ports.instances());
  } finally {
    end();
  }
}

/** The servers to write for: those that are named, else all that are supported, which must be one but for a fleet. */
function choose(
  servers: readonly FoundServer[],
  names: readonly string[] | undefined,
  formats: readonly Format[],
  terminal: Terminal,
): FoundServer[] {
  const chosen = names ? selectServers(servers, names) : servers.filter(({ unsupported }) => !unsupported);
  const single = formats.find(({ isForMany }) => !isForMany);
  if (chosen.length === 1 || (chosen.length > 1 && !single)) return chosen;
  terminal.out(visibleText(listOf(names ? chosen : servers, terminal), terminal));
  throw new UsageError(
    chosen.length === 0
      ? 'None of these servers is supported'
      : `--${single!.option} is for one server: name it by --server ID. --fleet is for several`,
  );
}

function reportOn({ path, text }: { readonly path: string; readonly text: string }, next: string): string {
  const marks = text
    .split('\n')
    .flatMap((line, i) => (line.includes('TODO') ? `  line ${i + 1}: ${line.trim()}\n` : []));
  const open = marks.length > 0 ? `Fill in what is marked with TODO:\n${marks.join('')}` : '';
  return `${path} is written.\n${open}${next}\n`;
}
