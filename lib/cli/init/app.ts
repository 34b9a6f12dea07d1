import type { FoundServer } from './server';
import { documentation } from '../../private/references';

/** The text that marks what has to be filled in. */
const TODO = 'TODO:';

/** What a generated app says of a server, the same in every language. A remark is a comment; one that begins with TODO asks for a value. */
export interface AppFacts {
  readonly server: FoundServer;
  readonly stackName: string;
  readonly databases: readonly string[];
  readonly adminSecretArn: string;
  readonly adminSecretKeyArn?: string;
  readonly zones: readonly string[];
  readonly remarks: {
    readonly head: readonly string[];
    readonly network: readonly string[];
    readonly adminSecret: readonly string[];
    readonly databases: readonly string[];
    readonly networkAccess: readonly string[];
  };
}

/** What an app needs to know; without `databases` the one that was made with the server. */
export function appFacts(server: FoundServer, databases: readonly string[]): AppFacts {
  const { adminSecret, databaseName, kind, identifier, subnets } = server;
  const known = databases.length > 0 ? databases : databaseName === undefined ? [] : [databaseName];
  return {
    server,
    stackName: `datafold-${kind}-${identifier}`,
    databases: known.length > 0 ? known : [NO_DATABASE],
    adminSecretArn: adminSecret?.arn ?? secretPlaceholder(server),
    adminSecretKeyArn: adminSecret?.keyArn,
    zones: [...new Set(subnets.map(({ zone }) => zone))],
    remarks: {
      head: [
        `Lets Datafold read the ${kind} ${identifier} (${server.engine}). Written by cdk-datafold-postgres init.`,
        ...(isDefault(server.parameterGroup)
          ? [
              `The server has the parameter group ${server.parameterGroup}, which nobody can change. It gets one of its own, which takes effect`,
              'at the next reboot of its instances. statementLog: StatementLog.managed({ rebootPolicy }) can reboot them for you.',
            ]
          : []),
      ],
      network:
        subnets.length > 0 ? [] : [`${TODO} the subnets of the server, with their Availability Zones.`],
      adminSecret: adminSecret ? [] : [`${TODO} ${ADMIN_SECRET}`],
      databases: databaseRemarks(databases, databaseName),
      networkAccess: [askNetworkAccess(server, 'network')],
    },
  };
}

/** Returns the names that an app imports from the CDK, besides its own `classes`; TypeScript and Python write them alike. */
export function cdkImports({ adminSecretKeyArn }: AppFacts, ...classes: readonly string[]): string[] {
  return [
    ...['Annotations', 'App', 'CfnOutput', 'Stack', ...classes].sort(),
    'aws_ec2 as ec2',
    ...(adminSecretKeyArn ? ['aws_kms as kms'] : []),
    'aws_rds as rds',
    'aws_secretsmanager as secretsmanager',
  ];
}

/** Asks for the network path, whose values depend on the kind of file: another page of the documentation has them. */
export function askNetworkAccess({ isPublic }: FoundServer, page: 'network' | 'no-code'): string {
  return `${TODO} how Datafold reaches the server, which is ${isPublic ? 'public' : 'private'}: networkAccess, as ${documentation(page)} describes it.`;
}

/** A database that does not exist: a deployment fails before it changes anything. */
const NO_DATABASE = 'TODO';

/** What to fill in for a secret that RDS does not manage. */
export const ADMIN_SECRET =
  "the complete ARN of the secret with the administrator's login (JSON with username and password). RDS manages none for this server.";

/** A well-formed ARN of a secret that does not exist: the app can be synthesized, and a deployment fails before it changes anything. */
function secretPlaceholder({ partition, region, account }: FoundServer): string {
  return `arn:${partition}:secretsmanager:${region}:${account}:secret:TODO-AAAAAA`;
}

function databaseRemarks(given: readonly string[], databaseName: string | undefined): string[] {
  if (given.length > 0) return [];
  if (databaseName === undefined) return [`${TODO} the databases that Datafold is to read.`];
  return ['The database that was made with the server; add others that Datafold is to read.'];
}

const isDefault = (group: string) => group.startsWith('default.');
