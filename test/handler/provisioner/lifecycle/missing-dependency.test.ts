import type { Answer } from '../../../../lib/handler/provisioner/runtime/response';
import { SUBJECTS, type Loss, type Subject } from '../support/losses';
import { TestEnvironment } from '../support/test-environment';

let environment: TestEnvironment;
beforeEach(async () => (environment = await TestEnvironment.start()));
afterEach(async () => environment.stop());

const cases = () =>
  Object.entries(SUBJECTS).flatMap(([type, make]) => {
    // The names of the losses alone: each test makes its own.
    const { losses } = make(new TestEnvironment());
    return losses.map(({ what }, i) => [type, what, make, i] as const);
  });

const WARNING = 'the rollback could not restore the resource';
const INCOMPLETE =
  /^The rollback could not restore this resource: .* After that, deploy with another `revision`: without it CloudFormation sends no update\.$/;

const notices = ({ Data = {} }: Answer) => Data.Notice ?? Data.Notices;
const keysOf = ({ Data = {} }: Answer) => Object.keys(Data).sort();

describe.each(cases())('%s without %s', (_type, _what, make, index) => {
  let subject: Subject;
  let loss: Loss;
  beforeEach(async () => {
    subject = make(environment);
    loss = subject.losses[index];
    expect((await subject.resource.create(subject.properties)).Status).toBe('SUCCESS');
  });
  const { stringMatching } = expect;

  test('an update fails and says what to restore, its rollback succeeds and says what it could not do, the next update repairs, and a destroy works', async () => {
    const { resource, changed } = subject;
    loss.lose();
    const lost = subject.state();

    const answer = await resource.update(changed);

    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(loss.says);
    const back = resource.answers.at(-1)!;
    expect(back).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: resource.physicalId });
    expect(keysOf(back)).toEqual(keysOf(resource.answers[0]));
    const incomplete = loss.unneeded ? [] : [stringMatching(INCOMPLETE)];
    expect([notices(back)].filter(Boolean)).toEqual(incomplete);
    expect(environment.log.flatMap(({ message, notice }) => (message === WARNING ? [notice] : []))).toEqual(
      incomplete,
    );
    expect(subject.state()).toEqual(lost);
    loss.restore();
    expect(await resource.update({ ...changed, revision: '3' })).toMatchObject({ Status: 'SUCCESS' });
    expect(notices(resource.answers.at(-1)!) ?? '').toBe('');
    expect((await resource.remove()).Status).toBe('SUCCESS');
  });

  test('a successful update is rolled back if another resource fails', async () => {
    const { resource, changed, properties } = subject;
    const id = resource.physicalId!;
    expect((await resource.update(changed)).Status).toBe('SUCCESS');
    loss.lose();
    await resource.rollBack(changed, properties, id);
    expect(resource.answers.at(-1)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    loss.restore();
    expect((await resource.update({ ...properties, revision: '3' })).Status).toBe('SUCCESS');
    expect((await resource.remove()).Status).toBe('SUCCESS');
  });
});
