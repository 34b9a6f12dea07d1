import {
  Aws,
  aws_iam as iam,
  aws_lambda as lambda,
  type aws_secretsmanager as secretsmanager,
  Duration,
  Lazy,
  Stack,
  Token,
} from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import { logGroupAndRole } from './log-group-and-role';
import { NODE_RUNTIME, functionSettings, type FunctionSettings } from './function-settings';
import { environmentProblems } from './pins';
import {
  functionPolicyProblems,
  managedPolicyProblems,
  policySizeProblems,
  type SizedPolicy,
} from './policy-size';
import { FurtherRights, type Right } from './further-rights';
import {
  DATAFOLD_VARIABLE,
  type PinnedDatafold,
  secretKey,
  STACK_VARIABLE,
  URL_SUFFIX_VARIABLE,
} from '../wire/pins';

const ID = 'DatafoldProvisioner';

/**
 * The function behind the custom resources, one per stack or per part of a stack with a separate provisioner.
 *
 * The provisioner runs outside the VPC, so that its response always reaches CloudFormation, and only the provisioner calls AWS APIs.
 * Its role gets its permissions from a policy beside each custom resource, which exists until the custom resource is deleted.
 */
export class Provisioner extends Construct {
  public static of(scope: Construct, options: FunctionProps): Provisioner {
    const home = provisionerHome(scope);
    const settings = functionSettings(scope, options);
    return (home.node.tryFindChild(ID) as Provisioner | undefined) ?? new Provisioner(home, ID, settings);
  }

  public readonly function: lambda.Function;
  public readonly role: iam.Role;
  /** The constructs that every custom resource depends on, also for its Delete. */
  public readonly parts: readonly Construct[];
  private readonly policies: SizedPolicy[] = [];
  private readonly managed: FurtherRights[] = [];
  private readonly permissions: lambda.CfnPermission[] = [];
  private ofAll?: FurtherRights;
  private readonly datafold = new Map<string, PinnedDatafold>();

  private constructor(scope: Construct, id: string, settings: FunctionSettings) {
    super(scope, id);
    const { logGroup, role } = logGroupAndRole(this, settings);
    this.role = role;
    const environment = {
      [STACK_VARIABLE]: Stack.of(this).stackId,
      [URL_SUFFIX_VARIABLE]: Aws.URL_SUFFIX,
      [DATAFOLD_VARIABLE]: Lazy.string({
        produce: () => Stack.of(this).toJsonString([...this.datafold.values()]),
      }),
    };
    this.function = new lambda.Function(this, 'Function', {
      description: "Sets up Datafold's access to PostgreSQL: calls AWS, answers CloudFormation",
      runtime: NODE_RUNTIME,
      handler: 'index.handler',
      code: settings.code._of('provisioner'),
      role,
      logGroup,
      memorySize: settings.provisionerMemorySize,
      timeout: Duration.minutes(15),
      environment,
    });
    this.parts = [this.function, this.role, logGroup, this.rightsForItself()];
    const ofItself = this.role.node.findChild('DefaultPolicy') as iam.Policy;
    this.policies.push({ policy: ofItself, movesWithNetwork: false });
    this.node.addValidation({
      validate: () => [
        ...policySizeProblems(this, this.policies),
        ...managedPolicyProblems(this.managed.flatMap(({ policies }) => policies)),
        ...functionPolicyProblems(this, this.permissions),
        ...environmentProblems(this, environment, 'The Datafold hosts'),
      ],
    });
  }

  /** Pins an API key to the host of its Datafold instance: the provisioner sends the key to no other host. */
  public pinDatafold(host: string, { secretArn }: secretsmanager.ISecret): void {
    // Only a name that is known at synth: with a reference, the function would depend on everything that the secret depends on.
    const apiKey = Token.isUnresolved(secretArn) ? undefined : secretKey(secretArn);
    this.datafold.set(`${host} ${apiKey}`, { host, apiKey });
  }

  /** Allows a service to invoke the function. */
  public allowInvocation(
    scope: Construct,
    caller: Pick<lambda.CfnPermissionProps, 'principal' | 'sourceArn' | 'sourceAccount'>,
  ): lambda.CfnPermission {
    const { functionArn: functionName } = this.function;
    const action = 'lambda:InvokeFunction';
    const permission = new lambda.CfnPermission(scope, 'Permission', { action, functionName, ...caller });
    this.permissions.push(permission);
    return permission;
  }

  /** Creates an inline policy for the role, in the scope of the resource that needs it. */
  public policy(scope: Construct, id: string, movesWithNetwork = false): iam.Policy {
    const policy = new iam.Policy(scope, id, { roles: [this.role] });
    this.policies.push({ policy, movesWithNetwork });
    return policy;
  }

  /** Returns the policy that all custom resources share that log in to a server as its administrator. */
  public policyOfServer(key: string, movesWithNetwork = false): iam.Policy {
    const home = this.node.scope!;
    const id = `DatafoldServer${key}`;
    const known = home.node.tryFindChild(id) as iam.Policy | undefined;
    return known ?? this.policy(home as Construct, id, movesWithNetwork);
  }

  /** Creates the managed policies for permissions that no Delete needs. */
  public furtherRights(scope: Construct, id: string): FurtherRights {
    const rights = new FurtherRights(scope, id, this.role);
    this.managed.push(rights);
    return rights;
  }

  /** The managed policies for permissions that many custom resources need. */
  public get rightsOfAll(): FurtherRights {
    return (this.ofAll ??= this.furtherRights(this, 'Rights'));
  }

  /** Returns a policy that several custom resources share, with the same content for each of them, so updates do not change it. */
  public share(id: string, rights: readonly Right[]): iam.Policy {
    const known = this.sharedPolicy(id);
    if (known) return known;
    const policy = this.policy(this, id);
    policy.addStatements(...rights.map((right) => new iam.PolicyStatement(right)));
    return policy;
  }

  /** Returns a shared policy, if it exists. */
  public sharedPolicy(id: string): iam.Policy | undefined {
    return this.node.tryFindChild(id) as iam.Policy | undefined;
  }

  /**
   * Allows the function to invoke itself for waits that exceed one invocation, and to describe its stack.
   *
   * The stack shows whether it is being rolled back (checks must not fail then), whether CloudFormation still waits for a request,
   * and whether a custom resource is moved away from a server that the app no longer contains.
   */
  private rightsForItself(): iam.Policy {
    const policy = this.policy(this, 'ContinuePolicy');
    policy.addStatements(
      new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.function.functionArn] }),
      new iam.PolicyStatement({
        actions: [
          'cloudformation:DescribeStackEvents',
          'cloudformation:DescribeStackResource',
          'cloudformation:DescribeStacks',
        ],
        resources: [Stack.of(this).stackId],
      }),
    );
    return policy;
  }
}

/** The context key for the path of a construct in a stack that has a separate provisioner. */
const HOME_KEY = 'cdk-datafold-postgres:provisionerHome';

/**
 * Returns the scope of a construct's provisioner: the stack, or the ancestor that the context names.
 *
 * IAM limits the inline policies of a role to 10,240 characters, so one provisioner can serve only a few servers.
 */
function provisionerHome(scope: IConstruct): IConstruct {
  const path: unknown = scope.node.tryGetContext(HOME_KEY);
  return scope.node.scopes.find((ancestor) => ancestor.node.path === path) ?? Stack.of(scope);
}
