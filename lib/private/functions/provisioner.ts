import {
  aws_iam as iam,
  aws_lambda as lambda,
  aws_logs as logs,
  Duration,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { HandlerCode, HandlerOptions } from '../../handler-code';
import { functionRole } from './function-role';
import { NODE_RUNTIME } from './node-runtime';
import { policySizeProblems, type SizedPolicy } from './policy-size';
import { codeFor } from './shared-code';
import { provisionerHome } from './provisioner-home';

const ID = 'DatafoldProvisioner';

/** What may be done to which resources, by ARN. */
export interface Right {
  readonly actions: string[];
  readonly resources: string[];
}

/**
 * The function behind the custom resources, one per stack or part of it that asks for its own.
 *
 * It runs outside the VPC, so that its answer always gets to CloudFormation, and it alone calls AWS. Its role gets its rights
 * from a policy beside each custom resource: one that is removed keeps its rights until it is gone.
 */
export class Provisioner extends Construct {
  public static of(scope: Construct, options: HandlerOptions): Provisioner {
    const home = provisionerHome(scope);
    const code = codeFor(scope, options);
    return (home.node.tryFindChild(ID) as Provisioner | undefined) ?? new Provisioner(home, ID, code);
  }

  public readonly function: lambda.Function;
  public readonly role: iam.Role;
  private readonly policies: SizedPolicy[] = [];

  private constructor(scope: Construct, id: string, code: HandlerCode) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = functionRole(this, logGroup);
    this.function = new lambda.Function(this, 'Function', {
      description: "Sets up Datafold's access to PostgreSQL: calls AWS, answers CloudFormation",
      runtime: NODE_RUNTIME,
      handler: 'index.handler',
      code: code._of('provisioner'),
      role: this.role,
      logGroup,
      memorySize: 256,
      timeout: Duration.minutes(15),
    });
    this.rightsForItself();
    const ofItself = this.role.node.findChild('DefaultPolicy') as iam.Policy;
    this.policies.push({ policy: ofItself, movesWithNetwork: false });
    this.node.addValidation({ validate: () => policySizeProblems(this, this.policies) });
  }

  /** A policy for the role, which lives as long as what it is for; one that moves has its former self beside it for a while. */
  public policy(scope: Construct, id: string, movesWithNetwork = false): iam.Policy {
    const policy = new iam.Policy(scope, id, { roles: [this.role] });
    this.policies.push({ policy, movesWithNetwork });
    return policy;
  }

  /** A policy for several custom resources, made with the first of them. It is the same for all: an update leaves it as it is. */
  public share(id: string, rights: readonly Right[]): iam.Policy {
    const known = this.node.tryFindChild(id) as iam.Policy | undefined;
    if (known) return known;
    const policy = this.policy(this, id);
    policy.addStatements(...rights.map((right) => new iam.PolicyStatement(right)));
    return policy;
  }

  /** Whether there is such a policy. */
  public shares(id: string): boolean {
    return this.node.tryFindChild(id) !== undefined;
  }

  /**
   * Long waits go on beyond one invocation: the function then invokes itself. Whether its stack is being rolled back, when a
   * check must not fail, and whether CloudFormation still waits for a request, only the stack can say.
   */
  private rightsForItself(): void {
    this.policy(this, 'ContinuePolicy').addStatements(
      new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.function.functionArn] }),
      new iam.PolicyStatement({
        actions: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackResource'],
        resources: [Stack.of(this).stackId],
      }),
    );
  }
}
