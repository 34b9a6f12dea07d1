import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { findStack } from '../../lib/cli/aws/stacks';

test('a parameter of Systems Manager has the value of that parameter, not its name', async () => {
  const client = new CloudFormationClient({ region: 'us-east-1' });
  client.send = async (command: unknown) => {
    if (command instanceof DescribeStacksCommand)
      return {
        Stacks: [
          {
            StackStatus: 'CREATE_COMPLETE',
            Parameters: [
              { ParameterKey: 'Name', ParameterValue: 'shop' },
              {
                ParameterKey: 'Addresses',
                ParameterValue: '/datafold/addresses',
                ResolvedValue: '192.0.2.1',
              },
            ],
          },
        ],
      };
    return command instanceof ListStackResourcesCommand ? {} : { TemplateBody: '{"Resources":{}}' };
  };
  expect(await findStack(client, 'Shop')).toEqual({
    name: 'Shop',
    status: 'CREATE_COMPLETE',
    resources: [],
    template: { Resources: {} },
    parameters: { Name: 'shop', Addresses: '192.0.2.1' },
  });
});
