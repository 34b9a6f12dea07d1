/** Calls AWS; the error message names the action and the resource, and quotes what AWS says. */
export async function withAwsContext<T>(
  action: string,
  resource: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { name, message } = error as Error;
    throw new Error(
      `${action} on ${resource} failed with ${name}: ${message.replace(/\s+/g, ' ').slice(0, 400)}`,
      {
        cause: error,
      },
    );
  }
}
