// Finds names of the public API that are odd in another language: keywords, members that every object has, built-in functions of
// Python that a parameter hides, and names that become the same (`npm run build` first).
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const assembly = readFileSync(new URL('../.jsii.gz', import.meta.url));
const { name, types } = JSON.parse(gunzipSync(assembly));
const words = (text) => new Set(text.trim().split(/\s+/));

const snake = (text) => text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
const pascal = (text) => text[0].toUpperCase() + text.slice(1);

/** How each language writes a member, and the words that a member or parameter must not be. */
const LANGUAGES = {
  Python: {
    write: snake,
    // `id` hides a function too, but every construct has it.
    words:
      words(`and as assert async await break class continue def del elif else except finally for from global if import in is
      lambda match case nonlocal not or pass raise return try type while with yield
      all any bin bool bytes callable chr dict dir filter float format hash help hex input int iter len list map max min next
      object open ord pow print property range repr reversed round set slice sorted str sum super tuple vars zip self cls`),
  },
  Java: {
    write: (text) => text,
    words:
      words(`abstract assert boolean break byte case catch char class const continue default do double else enum extends final
      finally float for goto if implements import instanceof int interface long native new package private protected public return
      short static strictfp super switch synchronized this throw throws transient try void volatile while
      clone equals finalize getClass hashCode notify notifyAll wait`),
  },
  'C#': {
    write: pascal,
    words: words('Equals Finalize GetHashCode GetType MemberwiseClone ReferenceEquals'),
  },
  Go: {
    write: pascal,
    words: words('Break Chan Default Defer Fallthrough Func Go Map Range Select Struct Type Var'),
  },
};

const ownName = (fqn) => fqn.slice(name.length + 1);
const membersOf = ({ properties = [], methods = [], members = [] }) => [
  ...properties,
  ...methods,
  ...members,
];
const parametersOf = ({ initializer, methods = [] }) =>
  [initializer, ...methods].flatMap((callable) => callable?.parameters ?? []);

/** Java has getters beside the methods of an object. */
const getterClash = (member) => (pascal(member.name) === 'Class' ? [`its getter in Java is getClass`] : []);

function problemsOf(type) {
  const names = [...new Set([...membersOf(type), ...parametersOf(type)].map((one) => one.name))];
  return Object.entries(LANGUAGES).flatMap(([language, { write, words: forbidden }]) => {
    const written = names.map(write);
    return names.flatMap((one, i) => [
      ...(forbidden.has(written[i])
        ? [`${one} is ${written[i]} in ${language}, which means something else there`]
        : []),
      ...(written.indexOf(written[i]) !== i
        ? [`${one} and another name are both ${written[i]} in ${language}`]
        : []),
      // C# has no member with the name of its class, and Go no function New… beside a type of this name.
      ...(language === 'C#' && written[i] === type.name ? [`${one} has the name of its type in C#`] : []),
    ]);
  });
}

const typeNames = new Set(Object.keys(types).map(ownName));
const problems = Object.entries(types).flatMap(([fqn, type]) =>
  [
    ...problemsOf(type),
    ...membersOf(type).flatMap(getterClash),
    ...(typeNames.has(`New${ownName(fqn)}`)
      ? [`its constructor in Go is New${ownName(fqn)}, which is another type`]
      : []),
  ].map((problem) => `${ownName(fqn)}: ${problem}`),
);
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
