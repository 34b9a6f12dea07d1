import { REGION, type Lab } from './lab';
import type { World } from './world';

/** Does what the only rule of the account would: nothing in the emulator fires rules. */
export async function runScheduledTask({ lab, aws }: World): Promise<void> {
  const { functionArn, input } = await scheduledTask(lab);
  await aws.invoke(functionArn, input);
}

/** What the only rule of the account would send, and to which function. */
export async function scheduledTask(lab: Lab): Promise<{ functionArn: string; input: object }> {
  const { Rules } = (await events(lab, 'ListRules', {})) as { Rules: { Name: string }[] };
  const { Targets } = (await events(lab, 'ListTargetsByRule', { Rule: Rules[0].Name })) as {
    Targets: { Arn: string; Input: string }[];
  };
  return { functionArn: Targets[0].Arn, input: JSON.parse(Targets[0].Input) as object };
}

/** The task of the only rule whose name contains a part of it. */
export async function taskOf(lab: Lab, part: string): Promise<{ functionArn: string; input: object }> {
  const Rule = await ruleOf(lab, part);
  const { Targets } = (await events(lab, 'ListTargetsByRule', { Rule })) as {
    Targets: { Arn: string; Input: string }[];
  };
  return { functionArn: Targets[0].Arn, input: JSON.parse(Targets[0].Input) as object };
}

/** Disables a rule, as when EventBridge loses its events. */
export async function disableRule(lab: Lab, part: string): Promise<void> {
  await events(lab, 'DisableRule', { Name: await ruleOf(lab, part) });
}

/** All rules of the account, as EventBridge describes them. */
export async function rulesOf(lab: Lab): Promise<readonly { readonly Name: string }[]> {
  const { Rules } = (await events(lab, 'ListRules', {})) as { Rules: { Name: string }[] };
  return Rules;
}

async function ruleOf(lab: Lab, part: string): Promise<string> {
  const found = (await rulesOf(lab)).map(({ Name }) => Name).filter((name) => name.includes(part));
  if (found.length !== 1) throw new Error(`${found.length} rules have ${part} in their name`);
  return found[0];
}

/** The API of EventBridge, without its client: the emulator looks at no signature of ours. */
async function events(lab: Lab, action: string, body: object): Promise<unknown> {
  const scope = `testing/20260101/${REGION}/events/aws4_request`;
  const response = await fetch(lab.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSEvents.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}
