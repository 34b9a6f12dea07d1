import {
  Aws,
  aws_iam as iam,
  aws_lambda as lambda,
  aws_logs as logs,
  type aws_secretsmanager as secretsmanager,
  Duration,
  Lazy,
  RemovalPolicy,
  Stack,
  Token,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import { functionRole } from './function-role';
import { NODE_RUNTIME } from './node-runtime';
import { environmentProblems } from './pins';
import { managedPolicyProblems, policySizeProblems, type SizedPolicy } from './policy-size';
import { functionSettings, type FunctionSettings } from './function-settings';
import { provisionerHome } from './provisioner-home';
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
 * The function behind the custom resources, one per stack or part of it that asks for its own.
 *
 * It runs outside the VPC, so that its answer always gets to CloudFormation, and it alone calls AWS. Its role gets its rights
 * from a policy beside each custom resource: one that is removed keeps its rights until it is gone.
 */
export class Provisioner extends Construct {
  public static of(scope: Construct, options: FunctionProps): Provisioner {
    const home = provisionerHome(scope);
    const settings = functionSettings(scope, options);
    return (home.node.tryFindChild(ID) as Provisioner | undefined) ?? new Provisioner(home, ID, settings);
  }

  public readonly function: lambda.Function;
  public readonly role: iam.Role;
  /** What every custom resource needs, to its very Delete. */
  public readonly parts: readonly Construct[];
  private readonly policies: SizedPolicy[] = [];
  private readonly managed: FurtherRights[] = [];
  private ofAll?: FurtherRights;
  private readonly datafold = new Map<string, PinnedDatafold>();

  private constructor(scope: Construct, id: string, settings: FunctionSettings) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: settings.logRetention,
      encryptionKey: settings.logEncryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = functionRole(this, logGroup, settings);
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
      role: this.role,
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
        ...environmentProblems(this, environment, 'The Datafold hosts'),
      ],
    });
  }

  /** Says which Datafold an API key is for: none is sent elsewhere. */
  public pinDatafold(host: string, { secretArn }: secretsmanager.ISecret): void {
    // By its name at most: a reference would let the function wait for whatever the secret waits for.
    const apiKey = Token.isUnresolved(secretArn) ? undefined : secretKey(secretArn);
    this.datafold.set(`${host} ${apiKey}`, { host, apiKey });
  }

  /** A policy for the role, which lives as long as what it is for; one that moves has its former self beside it for a while. */
  public policy(scope: Construct, id: string, movesWithNetwork = false): iam.Policy {
    const policy = new iam.Policy(scope, id, { roles: [this.role] });
    this.policies.push({ policy, movesWithNetwork });
    return policy;
  }

  /** A policy for the custom resources that log in to a server as its administrator, as long as there is one of them. */
  public policyOfServer(key: string, movesWithNetwork = false): iam.Policy {
    const home = this.node.scope!;
    const id = `DatafoldServer${key}`;
    const known = home.node.tryFindChild(id) as iam.Policy | undefined;
    return known ?? this.policy(home as Construct, id, movesWithNetwork);
  }

  /** Room for what no Delete needs, in managed policies. */
  public furtherRights(scope: Construct, id: string): FurtherRights {
    const rights = new FurtherRights(scope, id, this.role);
    this.managed.push(rights);
    return rights;
  }

  /** The same for what many custom resources need alike. */
  public get rightsOfAll(): FurtherRights {
    return (this.ofAll ??= this.furtherRights(this, 'Rights'));
  }

  /** A policy for several custom resources, made with the first of them. It is the same for all: an update leaves it as it is. */
  public share(id: string, rights: readonly Right[]): iam.Policy {
    const known = this.sharedPolicy(id);
    if (known) return known;
    const policy = this.policy(this, id);
    policy.addStatements(...rights.map((right) => new iam.PolicyStatement(right)));
    return policy;
  }

  /** Such a policy, where there is one. */
  public sharedPolicy(id: string): iam.Policy | undefined {
    return this.node.tryFindChild(id) as iam.Policy | undefined;
  }

  /**
   * Long waits go on beyond one invocation: the function then invokes itself. Whether its stack is being rolled back, when a
   * check must not fail, whether CloudFormation still waits for a request, and whether a custom resource leaves a server that
   * the app does not know any more, only the stack can say.
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
