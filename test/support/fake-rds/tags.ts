import { invalid } from './errors';
import type { Tag } from './group';

const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const MOST = 50;

/** By the rules of RDS for tags. */
export function addTags(owner: { tags: Tag[] }, tags: readonly Tag[] = []): void {
  for (const { Key, Value } of tags) {
    if (
      !TEXT.test(Key) ||
      !TEXT.test(Value) ||
      Key.length > 128 ||
      Value.length > 256 ||
      /^(aws|rds):/i.test(Key)
    )
      throw invalid(`Invalid tag: ${Key}=${Value}`);
    owner.tags = [...owner.tags.filter((tag) => tag.Key !== Key), { Key, Value }];
  }
  if (owner.tags.length > MOST) throw invalid(`You can have at most ${MOST} tags`);
}
