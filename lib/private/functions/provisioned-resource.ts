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
import { secretRights } from './secret-and-topic-rights';
import type { FurtherRights, Right } from './further-rights';
import type { ResourceType } from '../wire/resources';

/** A custom resource, and how its permissions are placed. */
export interface ProvisionedResourceProps {
  readonly resourceType: ResourceType;
  readonly properties: object;
  /** The function options of the user; a new `revision` makes CloudFormation update the custom resource. */
  readonly options: FunctionProps;
  /**
   * Another resource, in whose managed policies the permissions of this resource are placed. Ignored if it is in another stack.
   *
   * Only for a resource that needs no permissions on Delete, and that depends on the other resource.
   */
  readonly policyOf?: ProvisionedResource;
  /** Whether the custom resource creates an AWS resource that can be tagged. */
  readonly makesTaggable?: boolean;
  /** Whether `rightsTo` contains the function of a network, so that a change of the network creates a new policy. */
  readonly movesWithNetwork?: boolean;
  /** The server, secret or function that a Delete of the previous physical id needs permissions for. A change creates a new policy. */
  readonly rightsTo?: readonly string[];
  /** Whether custom resources with the same `rightsTo` share one policy. */
  readonly sharesRights?: boolean;
}

/**
 * A custom resource, and the permissions that the provisioner needs for it.
 *
 * The permissions are in a separate policy, so that a resource that is removed from the template can still be deleted:
 * CloudFormation deletes the policy only after the resource. When the resource moves to another server, a new policy replaces the
 * previous one, which exists until the cleanup phase and can still serve a rollback. Permissions that no Delete needs are in managed
 * policies.
 */
export class ProvisionedResource extends Construct implements ITaggableV2 {
  public readonly cdkTagManager: TagManager;
  public readonly resource: CfnResource;
  public readonly provisioner: Provisioner;
  /** The properties of the custom resource, without its `ServiceToken`. */
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
    // Set explicitly, so that an aspect with a default removal policy cannot keep the provisioner from undoing its work.
    this.resource.applyRemovalPolicy(RemovalPolicy.DESTROY);
    // Does not depend on the whole provisioner: a shared policy in it may depend on one of the custom resources.
    this.resource.node.addDependency(...(this.policy ? [this.policy] : []), ...this.provisioner.parts);
  }

  /** Allows the provisioner these actions on these resources, for this custom resource. */
  public allow(actions: string[], resources: string[], conditions?: iam.Conditions): void {
    this.permit({ actions, resources, conditions });
  }

  /** Allows the provisioner to read, or to read and write, a secret for this custom resource. */
  public allowSecret(secret: secretsmanager.ISecret, access: 'read' | 'write'): void {
    secretRights(secret, access).forEach((right) => this.permit(right));
  }

  /** Allows the provisioner permissions that a Delete of this custom resource does not need. */
  public allowButToDelete(...rights: Right[]): void {
    for (const right of rights) this.resource.node.addDependency(...this.furtherRights.allow(right));
  }

  /**
   * Allows permissions for scheduled tasks only, and returns the policies that contain them. The custom resource does not depend on
   * them, since that could be a cycle.
   */
  public allowTasks(...rights: Right[]): iam.ManagedPolicy[] {
    return rights.flatMap((right) => this.furtherRights.allow(right));
  }

  /** Allows permissions that no Delete needs, in policies that all custom resources share, since IAM limits their number. */
  public allowTogether(...rights: Right[]): void {
    for (const right of rights)
      this.resource.node.addDependency(...this.provisioner.rightsOfAll.allow(right));
  }

  /** Allows permissions in a policy that several custom resources share; the policy exists as long as one of them does. */
  public share(id: string, rights: readonly Right[]): void {
    const shared = this.provisioner.share(id, rights);
    // Depends on the policy of this resource: in an update permissions may move out of it, and both together may exceed IAM's limit.
    if (this.policy) shared.node.addDependency(this.policy);
    this.resource.node.addDependency(shared);
  }

  private permit(right: Right): void {
    if (this.policy) this.policy.addStatements(new iam.PolicyStatement(right));
    else this.resource.node.addDependency(...this.furtherRights.allow(right));
  }

  /** The permissions that no Delete needs. */
  private get furtherRights(): FurtherRights {
    if (this.rightsOf) return this.rightsOf.furtherRights;
    return (this.further ??= this.provisioner.furtherRights(this, 'Rights'));
  }

  /** Depends on a shared policy, if it exists; returns whether it exists. */
  public sharesOf(id: string): boolean {
    const shared = this.provisioner.sharedPolicy(id);
    if (shared) this.resource.node.addDependency(shared);
    return shared !== undefined;
  }

  /** Returns an attribute of the custom resource, which the provisioner sets in its response. */
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
