import { settingsProblems, logsUserProblems, SETTINGS } from '../settings/schema';
import { missing } from '../settings/missing';
import { unknownKey } from '../settings/explain';
import { nearMiss } from '../../lib/private/near-miss';
import type { ServerSettings } from '../settings/settings';
import { UserError } from '../settings/user-error';
import { fromText } from './from-text';

/** The environment of one server, and the access key that reads its log. */
export interface Target {
  readonly account?: string;
  readonly region?: string;
  /** The secret of an existing access key. */
  readonly accessKeySecret?: string;
  /** The customer managed key of that secret. */
  readonly accessKeySecretKey?: string;
}

const TARGET = ['account', 'region', 'accessKeySecret', 'accessKeySecretKey'] as const;

/** The context keys of one server. */
export const SERVER_KEYS: readonly string[] = [...Object.keys(SETTINGS), ...TARGET];

const EXAMPLE = [
  'For example:',
  '  npx cdk deploy --app "npx cdk-datafold-postgres app" -c cluster=orders -c databases=app,dwh \\',
  '    -c schemas=public,sales -c securityGroup=sg-0123456789abcdef0 -c vpc=vpc-0123456789abcdef0 \\',
  '    -c subnets=subnet-0123456789abcdef0,subnet-0123456789abcdef1 \\',
  '    -c adminSecret=arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-admin-AbCdEf',
  'or, for many servers: npx cdk deploy --all --app "npx cdk-datafold-postgres fleet fleet.json"',
  'In a clone of the repository, leave --app out, and name a fleet file by -c fleet=fleet.json.',
  "To bootstrap first: npx cdk bootstrap aws://ACCOUNT/REGION --app ''",
];

/** Reads the settings of one server from `-c key=value`; throws one error that names all problems. */
export function readContext(context: Readonly<Record<string, unknown>>): {
  settings: ServerSettings;
  target: Target;
} {
  const settings = pick(context, Object.keys(SETTINGS));
  const target = pick(context, TARGET);
  const { account, ...logsUser } = target;
  const found = [
    ...misspelt(context),
    ...[...settingsProblems(settings), ...logsUserProblems(logsUser)].map(({ text }) => text),
    ...(account === undefined || /^\d{12}$/.test(String(account))
      ? []
      : [`\`account\` must look like 111111111111, got: ${JSON.stringify(account)}`]),
    ...missing(settings),
  ];
  if (found.length > 0) throw new UserError("The server can't be set up from the context:", found, EXAMPLE);
  return { settings: settings as unknown as ServerSettings, target };
}

function pick(context: Readonly<Record<string, unknown>>, keys: readonly string[]) {
  const given = keys.filter((key) => context[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, fromText(context[key], SETTINGS[key]?.type)]));
}

/** Returns a problem for each key that resembles a known key; other keys may belong to the CDK (feature flags, cached lookups). */
function misspelt(context: Readonly<Record<string, unknown>>): string[] {
  const known = [...SERVER_KEYS, 'fleet'];
  return Object.keys(context)
    .filter((key) => !known.includes(key) && nearMiss(key, known) !== undefined)
    .map((key) => unknownKey(key, known));
}
