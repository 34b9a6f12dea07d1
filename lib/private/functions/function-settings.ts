import {
  aws_logs as logs,
  Stack,
  type aws_iam as iam,
  type aws_kms as kms,
  aws_lambda as lambda,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import { HandlerCode } from '../../handler-code';
import { identityOf } from '../identity';
import { InvalidPropsError } from '../problems';

/** The settings that the functions of a stack share. */
export interface FunctionSettings {
  readonly code: HandlerCode;
  readonly logRetention: logs.RetentionDays;
  readonly logEncryptionKey?: kms.IKey;
  readonly provisionerMemorySize: number;
  readonly sqlRunnerMemorySize: number;
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

const NAMES = [
  'code',
  'logRetention',
  'logEncryptionKey',
  'provisionerMemorySize',
  'sqlRunnerMemorySize',
  'permissionsBoundary',
] as const satisfies readonly (keyof FunctionSettings)[];

const settings = new WeakMap<Stack, FunctionSettings>();

/**
 * Returns the settings of the functions of a stack, which its first construct determines.
 *
 * Throws if a later construct gives different settings, since the functions are shared.
 */
export function functionSettings(scope: Construct, { functions = {} }: FunctionProps): FunctionSettings {
  const stack = Stack.of(scope);
  const first = settings.get(stack) ?? {
    code: functions.code ?? HandlerCode.asset(),
    logRetention: functions.logRetention ?? logs.RetentionDays.THREE_MONTHS,
    logEncryptionKey: functions.logEncryptionKey,
    provisionerMemorySize: functions.provisionerMemorySize ?? 256,
    sqlRunnerMemorySize: functions.sqlRunnerMemorySize ?? 512,
    permissionsBoundary: functions.permissionsBoundary,
  };
  settings.set(stack, first);
  const problems = NAMES.flatMap((name) => {
    const [given, shared] = [functions[name], first[name]].map((value) => describe(value));
    if (given === undefined || identity(scope, functions[name]) === identity(scope, first[name])) return [];
    return [
      `\`functions.${name}\` must be ${shared === undefined ? 'left out' : `${shared} or left out`}, got: ${given}. The functions of the stack ${stack.node.path} are shared, and an earlier construct has made some. Give the same \`functions.${name}\` to all constructs of the stack`,
    ];
  });
  if (problems.length > 0) throw new InvalidPropsError(scope.node.path, problems);
  return first;
}

type Value = FunctionSettings[keyof FunctionSettings];

/** Returns an equal value for two imports of one key or policy, and for two `HandlerCode` objects of the same kind. */
function identity(scope: Construct, value: Value): unknown {
  if (value instanceof HandlerCode) return value._kind;
  if (typeof value !== 'object') return value;
  return identityOf(scope, 'keyArn' in value ? value.keyArn : value.managedPolicyArn);
}

function describe(value: Value): string | undefined {
  if (value === undefined) return undefined;
  if (value instanceof HandlerCode) return `HandlerCode.${value._kind}()`;
  if (typeof value !== 'object') return String(value);
  return 'keyArn' in value ? value.node.path : value.managedPolicyArn;
}

/** The runtime of both functions, defined here since older releases of the CDK lack `NODEJS_24_X`. */
export const NODE_RUNTIME = new lambda.Runtime('nodejs24.x', lambda.RuntimeFamily.NODEJS, {
  supportsInlineCode: true,
});
