import { settingsProblems, logsUserProblems, SETTINGS } from '../settings/schema';
import { missing } from '../settings/missing';
import { unknownKey } from '../settings/explain';
import { nearMiss } from '../settings/near-miss';
import type { ServerSettings } from '../settings/settings';
import { UserError } from '../settings/user-error';
import { fromText } from './from-text';

/** Where one server is and whose key reads its log. */
export interface Target {
  readonly account?: string;
  readonly region?: string;
  /** The secret of a key that exists. */
  readonly accessKeySecret?: string;
  /** The customer managed key of that secret. */
  readonly accessKeySecretKey?: string;
}

const TARGET = ['account', 'region', 'accessKeySecret', 'accessKeySecretKey'] as const;

/** The keys by which the context names one server. */
export const SERVER_KEYS: readonly string[] = [...Object.keys(SETTINGS), ...TARGET];

const EXAMPLE = [
  'For example:',
  '  npx cdk deploy -c cluster=orders -c databases=app,dwh -c schemas=public,sales \\',
  '    -c vpc=vpc-0123456789abcdef0 -c subnets=subnet-0123456789abcdef0,subnet-0123456789abcdef1 \\',
  '    -c securityGroup=sg-0123456789abcdef0 \\',
  '    -c adminSecret=arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-admin-AbCdEf',
  'or, for many servers: npx cdk deploy --all -c fleet=fleet.json',
  "To bootstrap first: npx cdk bootstrap aws://ACCOUNT/REGION --app ''",
];

/** The settings of one server from `-c key=value`; one error names all that is wrong. */
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

/** Other keys may belong to somebody else (feature flags, cached look-ups), unless they look like one of ours. */
function misspelt(context: Readonly<Record<string, unknown>>): string[] {
  const known = [...SERVER_KEYS, 'fleet'];
  return Object.keys(context)
    .filter((key) => !known.includes(key) && nearMiss(key, known) !== undefined)
    .map((key) => unknownKey(key, known));
}
