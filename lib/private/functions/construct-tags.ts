import { Lazy, Stack, TagManager, TagType } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * The tags that the app gives a construct and its stack, for a custom resource that makes something.
 *
 * CloudFormation has no tags of custom resources: without this, those of `Tags.of(…)` would end at them. A change of a tag is a
 * change of the property, so the provisioner is asked again.
 */
export class ConstructTags {
  /** Where the aspect of `Tags.of(…)` leaves its tags. */
  public readonly manager: TagManager;

  public constructor(
    private readonly scope: Construct,
    resourceType: string,
  ) {
    this.manager = new TagManager(TagType.MAP, resourceType);
  }

  /** At the end of synth; those that are AWS's own are not for us to give. */
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
