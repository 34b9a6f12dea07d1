import { aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { identityOf } from '../identity';
import { deployed } from './deployed-text';

/** The actions that are allowed on resources, which are given by ARN. */
export interface Right {
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions?: Readonly<Record<string, unknown>>;
}

/** Below IAM's limit of 6,144 characters for a managed policy (without white space), since the lengths of names are estimated. */
const MAX_POLICY_CHARACTERS = 5_400;

interface Filled {
  readonly policy: iam.ManagedPolicy;
  readonly statements: Map<string, iam.PolicyStatement>;
  characters: number;
}

/**
 * The permissions of several custom resources that no Delete needs.
 *
 * The permissions are in managed policies: in addition to 10,240 characters of inline policies, IAM allows a role ten managed policies
 * of 6,144 characters each (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). Permissions with the same
 * actions are merged into one statement.
 */
export class FurtherRights extends Construct {
  private readonly filled: Filled[] = [];
  private readonly policyByRight = new Map<string, iam.ManagedPolicy>();

  public constructor(
    scope: Construct,
    id: string,
    private readonly role: iam.IRole,
  ) {
    super(scope, id);
  }

  public get policies(): readonly iam.ManagedPolicy[] {
    return this.filled.map(({ policy }) => policy);
  }

  /** Adds a permission to the role, and returns the policies that contain it. */
  public allow({ actions, resources, conditions }: Right): iam.ManagedPolicy[] {
    const kind = JSON.stringify(Stack.of(this).resolve([[...actions].sort(), conditions ?? {}]));
    const policies = resources.map((resource) => {
      const key = `${kind} ${identityOf(this, resource)}`;
      const policy =
        this.policyByRight.get(key) ?? this.add(kind, { actions, resources: [resource], conditions });
      this.policyByRight.set(key, policy);
      return policy;
    });
    return [...new Set(policies)];
  }

  private add(kind: string, { actions, resources, conditions }: Right): iam.ManagedPolicy {
    const length = JSON.stringify(deployed(this, resources)).length;
    const last = this.filled.at(-1);
    const lengthAlone = kind.length + length + 60;
    const isFull =
      !last || last.characters + (last.statements.has(kind) ? length : lengthAlone) > MAX_POLICY_CHARACTERS;
    const filled = isFull ? this.addPolicy() : last;
    const statement = filled.statements.get(kind);
    filled.characters += statement ? length : lengthAlone;
    if (statement) statement.addResources(...resources);
    else {
      const made = new iam.PolicyStatement({ actions, resources, conditions });
      filled.policy.addStatements(made);
      filled.statements.set(kind, made);
    }
    return filled.policy;
  }

  private addPolicy(): Filled {
    const policy = new iam.ManagedPolicy(this, `Policy${this.filled.length + 1}`, {
      description: 'What the custom resources of Datafold need, but for their removal',
      roles: [this.role],
    });
    const filled = { policy, statements: new Map<string, iam.PolicyStatement>(), characters: 40 };
    this.filled.push(filled);
    return filled;
  }
}
