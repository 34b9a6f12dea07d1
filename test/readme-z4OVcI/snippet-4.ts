import { App, Aspects, aws_logs as logs, RemovalPolicy, Stack } from 'aws-cdk-lib';

const stack = new Stack(new App(), 'Datafold');
Aspects.of(stack).add({
  visit(one) {
    if (one instanceof logs.CfnLogGroup) one.applyRemovalPolicy(RemovalPolicy.RETAIN);
  },
});
