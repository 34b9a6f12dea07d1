/**
 * Why Datafold can't read a log group of that class, and what to do; undefined for one that it can read.
 *
 * Datafold calls FilterLogEvents. AWS: "The Standard log class supports all CloudWatch Logs features", the others "a subset",
 * and "The value of logGroupClass can't be changed after a log group is created" (API reference, CreateLogGroup). Infrequent
 * Access has neither GetLogEvents nor FilterLogEvents (CloudWatch Logs user guide, "Log classes"); DescribeLogGroups lists
 * Essentials together with it, and Delivery keeps events for one day.
 */
export function logClassProblem(
  logGroupName: string,
  logGroupClass: string | undefined,
): { readonly what: string; readonly next: string } | undefined {
  if (logGroupClass === undefined || logGroupClass === STANDARD) return undefined;
  return {
    what: `the log group ${logGroupName} is of the class ${logGroupClass}, in which Datafold finds nothing: FilterLogEvents works in the class ${STANDARD} only`,
    next: `AWS lets nobody change the class. Export what you still need of the log group (Logs Insights reads it), then: aws logs delete-log-group --log-group-name ${logGroupName} && aws logs create-log-group --log-group-name ${logGroupName}. RDS goes on writing there.`,
  };
}

/** What a log group without a class is of, too. */
const STANDARD = 'STANDARD';
