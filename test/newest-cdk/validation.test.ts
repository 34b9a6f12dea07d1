// Runs with the newest CDK only: the oldest validates no template.
import { aws_sns as sns, type App } from 'aws-cdk-lib';
import { newStack } from '../support/stacks';

test.each(['first', 'second'])('a template with a %s mistake is refused by the newest CDK', (mistake) => {
  const stack = newStack();
  new sns.CfnTopic(stack, 'Topic').addPropertyOverride(mistake, true);
  expect(() => (stack.node.root as App).synth()).toThrow(mistake);
});
