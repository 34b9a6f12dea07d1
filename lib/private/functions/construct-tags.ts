import { Lazy, Stack, TagManager, TagType } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * The tags of a construct and its stack, for a custom resource that creates an AWS resource.
 *
 * Custom resources have no tags in CloudFormation, so the tags of `Tags.of(…)` are passed as a property. When a tag changes, the
 * property changes and CloudFormation updates the custom resource.
 */
export class ConstructTags {
  /** The tag manager, to which the aspect of `Tags.of(…)` adds its tags. */
  public readonly manager: TagManager;

  public constructor(
    private readonly scope: Construct,
    resourceType: string,
  ) {
    this.manager = new TagManager(TagType.MAP, resourceType);
  }

  /** The value of the property, resolved at the end of synthesis, without the reserved tags of AWS. */
  public get property(): unknown {
    return Lazy.any({
      produce: () => {
        const all = { ...Stack.of(this.scope).tags.tagValues(), ...this.manager.tagValues() };
        const given = Object.entries(all).filter(([key]) => !/^aws:/i.test(key));
        return given.length > 0 ? Object.fromEntries(given) : undefined;
      },
    });
  }
}
