/** Runs a call of AWS and says in its error which one it was; AWS's own text says who may not do what. */
export async function told<T>(action: string, resource: string, call: () => Promise<T>): Promise<T> {
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
