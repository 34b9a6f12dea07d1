import {
  aws_iam as iam,
  CfnResource,
  type ITaggableV2,
  RemovalPolicy,
  type TagManager,
  type aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import { identityOf, shortHash } from '../identity';
import { ConstructTags } from './construct-tags';
import { Provisioner } from './provisioner';
import { secretRights } from './secret-rights';
import type { FurtherRights, Right } from './further-rights';
import type { ResourceType } from '../wire/resources';

export interface ProvisionedResourceProps {
  readonly resourceType: ResourceType;
  readonly properties: object;
  /** Those of the user; another revision has CloudFormation ask for everything again. */
  readonly options: FunctionProps;
  /**
   * Another resource whose managed policies hold the rights of this one. In another stack it has no effect.
   *
   * Only for a resource that needs no rights when it is deleted, and waits for the other one.
   */
  readonly policyOf?: ProvisionedResource;
  /** Whether it makes something in AWS that has tags. */
  readonly makesTaggable?: boolean;
  /** Whether `rightsTo` names the function of a network: another network then gives another policy, too. */
  readonly movesWithNetwork?: boolean;
  /** What of the rights a Delete of the former physical id needs: server, secret, function. Other ones give another policy. */
  readonly rightsTo?: readonly string[];
  /** Whether another custom resource with the same `rightsTo` has the same rights, and one policy holds those of both. */
  readonly sharesRights?: boolean;
}

/**
 * A custom resource and the rights that the provisioner needs for it.
 *
 * The rights are a policy of their own, so that a resource that leaves the template can still be deleted properly:
 * CloudFormation removes the policy only after the resource. One that moves on to another server gets another policy beside
 * the former one, which leaves the template: it is there until the clean-up, for a rollback too. What no Delete needs
 * is in managed policies beside it.
 */
export class ProvisionedResource extends Construct implements ITaggableV2 {
  public readonly cdkTagManager: TagManager;
  public readonly resource: CfnResource;
  public readonly provisioner: Provisioner;
  /** Those of the user, without the address of the provisioner. */
  public readonly properties: object;
  private readonly policy?: iam.Policy;
  private readonly rightsOf?: ProvisionedResource;
  private further?: FurtherRights;

  public constructor(scope: Construct, id: string, props: ProvisionedResourceProps) {
    super(scope, id);
    this.provisioner = Provisioner.of(this, props.options);
    const tags = new ConstructTags(this, props.resourceType);
    this.cdkTagManager = tags.manager;
    this.properties = { ...props.properties, ...(props.makesTaggable && { tags: tags.property }) };
    this.policy = this.makePolicy(props);
    if (props.policyOf?.provisioner === this.provisioner) this.rightsOf = props.policyOf;
    this.resource = new CfnResource(this, 'Resource', {
      type: props.resourceType,
      properties: {
        ServiceToken: this.provisioner.function.functionArn,
        ...this.properties,
        revision: props.options.functions?.revision,
      },
    });
    // By itself: it must be asked to undo its work, whatever an aspect says of resources without a policy.
    this.resource.applyRemovalPolicy(RemovalPolicy.DESTROY);
    // Not the whole provisioner: what several custom resources share may wait for one of them.
    this.resource.node.addDependency(...(this.policy ? [this.policy] : []), ...this.provisioner.parts);
  }

  /** Lets the provisioner do these things to these resources, for this custom resource. */
  public allow(actions: string[], resources: string[], conditions?: iam.Conditions): void {
    this.permit({ actions, resources, conditions });
  }

  /** Lets the provisioner read a secret, or read and write it, for this custom resource. */
  public allowSecret(secret: secretsmanager.ISecret, access: 'read' | 'write'): void {
    secretRights(secret, access).forEach((right) => this.permit(right));
  }

  /** The same for what its Delete does not do. */
  public allowButToDelete(...rights: Right[]): void {
    for (const right of rights) this.resource.node.addDependency(...this.furtherRights.allow(right));
  }

  /** The same for its scheduled tasks alone: it does not wait for what they work on, which may wait for it. */
  public allowTasks(...rights: Right[]): void {
    rights.forEach((right) => this.furtherRights.allow(right));
  }

  /** The same as for what no Delete does, in policies that hold it for all custom resources: IAM takes few of them. */
  public allowTogether(...rights: Right[]): void {
    for (const right of rights)
      this.resource.node.addDependency(...this.provisioner.rightsOfAll.allow(right));
  }

  /** Lets the provisioner do what custom resources have in common: in a policy that is there as long as one of them is. */
  public share(id: string, rights: readonly Right[]): void {
    const shared = this.provisioner.share(id, rights);
    // After the policy of this one, from which it may have come in an update: both together may be too large for IAM.
    if (this.policy) shared.node.addDependency(this.policy);
    this.resource.node.addDependency(shared);
  }

  private permit(right: Right): void {
    if (this.policy) this.policy.addStatements(new iam.PolicyStatement(right));
    else this.resource.node.addDependency(...this.furtherRights.allow(right));
  }

  /** Those that no Delete needs. */
  private get furtherRights(): FurtherRights {
    if (this.rightsOf) return this.rightsOf.furtherRights;
    return (this.further ??= this.provisioner.furtherRights(this, 'Rights'));
  }

  /** Waits for a policy that other custom resources share, if there is one that holds what this one needs too. */
  public sharesOf(id: string): boolean {
    const shared = this.provisioner.sharedPolicy(id);
    if (shared) this.resource.node.addDependency(shared);
    return shared !== undefined;
  }

  /** An attribute that the provisioner answers with. */
  public attribute(name: string): string {
    return this.resource.getAtt(name).toString();
  }

  private makePolicy(props: ProvisionedResourceProps): iam.Policy | undefined {
    const { policyOf, sharesRights, rightsTo, movesWithNetwork } = props;
    if (policyOf) return undefined;
    const suffix = this.suffix(rightsTo);
    return sharesRights
      ? this.provisioner.policyOfServer(suffix, movesWithNetwork)
      : this.provisioner.policy(this, `Policy${suffix}`, movesWithNetwork);
  }

  private suffix(rightsTo: readonly string[] | undefined): string {
    return rightsTo ? shortHash(rightsTo.map((one) => identityOf(this, one))) : '';
  }
}
