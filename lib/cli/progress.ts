/** Shows progress on standard error, if that is a terminal. */
export function progressOn(stream: { isTTY?: boolean; write(text: string): unknown }): {
  show: (what: string) => void;
  end: () => void;
} {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  const clear = '\r\u001b[K';
  return {
    show: (what) => stream.write(`${clear}checking ${what} …`),
    end: () => stream.write(clear),
  };
}
