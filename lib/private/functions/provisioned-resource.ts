import {
  aws_iam as iam,
  CfnResource,
  type ITaggableV2,
  RemovalPolicy,
  type TagManager,
  type aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { HandlerOptions } from '../../handler-code';
import { identityOf, shortHash } from '../identity';
import { ConstructTags } from './construct-tags';
import { Provisioner, type Right } from './provisioner';
import { secretRights } from './secret-rights';
import type { ResourceType } from '../wire/resources';

export interface ProvisionedResourceProps {
  readonly resourceType: ResourceType;
  readonly properties: object;
  /** Those of the user; another revision has CloudFormation ask for everything again. */
  readonly options: HandlerOptions;
  /**
   * Another resource whose policy holds the rights of this one too. IAM limits the policies of a role to 10,240 characters.
   *
   * Only for a resource that needs no rights when it is deleted. In another stack it has no effect.
   */
  readonly policyOf?: ProvisionedResource;
  /** Whether it makes something in AWS that has tags. */
  readonly makesTaggable?: boolean;
  /** Whether `rightsTo` names the function of a network: another network then gives another policy, too. */
  readonly movesWithNetwork?: boolean;
  /** What of the rights a Delete of the former physical id needs: server, secret, function. Other ones give another policy. */
  readonly rightsTo?: readonly string[];
}

/**
 * A custom resource and the rights that the provisioner needs for it.
 *
 * The rights are a policy of their own, so that a resource that leaves the template can still be deleted properly:
 * CloudFormation removes the policy only after the resource. One that moves on to another server gets another policy beside
 * the former one, which leaves the template: it is there until the clean-up, for a rollback too.
 */
export class ProvisionedResource extends Construct implements iam.IGrantable, ITaggableV2 {
  public readonly cdkTagManager: TagManager;
  public readonly grantPrincipal: iam.IPrincipal;
  public readonly resource: CfnResource;
  public readonly provisioner: Provisioner;
  /** Those of the user, without the address of the provisioner. */
  public readonly properties: object;
  private readonly policy: iam.Policy;

  public constructor(scope: Construct, id: string, props: ProvisionedResourceProps) {
    super(scope, id);
    this.provisioner = Provisioner.of(this, props.options);
    const tags = new ConstructTags(this, props.resourceType);
    this.cdkTagManager = tags.manager;
    this.properties = { ...props.properties, ...(props.makesTaggable && { tags: tags.property }) };
    const shared = props.policyOf?.provisioner === this.provisioner ? props.policyOf.policy : undefined;
    this.policy =
      shared ?? this.provisioner.policy(this, `Policy${this.suffix(props.rightsTo)}`, props.movesWithNetwork);
    this.grantPrincipal = this.policy.grantPrincipal;
    this.resource = new CfnResource(this, 'Resource', {
      type: props.resourceType,
      properties: {
        ServiceToken: this.provisioner.function.functionArn,
        ...this.properties,
        revision: props.options.revision,
      },
    });
    // By itself: it must be asked to undo its work, whatever an aspect says of resources without a policy.
    this.resource.applyRemovalPolicy(RemovalPolicy.DESTROY);
    this.resource.node.addDependency(this.policy, this.provisioner);
  }

  /** Lets the provisioner do these things to these resources, for this custom resource. */
  public allow(actions: string[], resources: string[], conditions?: iam.Conditions): void {
    this.policy.addStatements(new iam.PolicyStatement({ actions, resources, conditions }));
  }

  /** Lets the provisioner do what custom resources have in common: in a policy that is there as long as one of them is. */
  public share(id: string, rights: readonly Right[]): void {
    // After the policy of this one, from which it may have come in an update: both together may be too large for IAM.
    this.provisioner.share(id, rights).node.addDependency(this.policy);
  }

  /** Lets the provisioner read a secret, or read and write it, for this custom resource. */
  public allowSecret(secret: secretsmanager.ISecret, access: 'read' | 'write'): void {
    this.policy.addStatements(...secretRights(secret, access));
  }

  /** An attribute that the provisioner answers with. */
  public attribute(name: string): string {
    return this.resource.getAtt(name).toString();
  }

  private suffix(rightsTo: readonly string[] | undefined): string {
    return rightsTo ? shortHash(rightsTo.map((one) => identityOf(this, one))) : '';
  }
}
