import java.io.*;
import java.lang.reflect.*;
import java.math.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

/**
 * Runs the functions of one Java program: reads calls from descriptor 3 and
 * writes replies to descriptor 4, in the lines of package wire.
 *
 * The program is hostile and lives in this process. Nothing here is a secret
 * and nothing here decides: a reply is only ever a value.
 */
public final class Driver {
    private static final int DEPTH = 200;
    private static int limit;
    private static String entry;
    private static List<String> classNames;
    private static final List<Object> handles = new ArrayList<>();
    private static final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>();

    /** Arguments: the entry, the longest value, the program's classes. */
    public static void main(String[] args) throws Exception {
        entry = args[0];
        limit = Integer.parseInt(args[1]);
        classNames = List.of(args[2].split(","));
        InputStream in = new BufferedInputStream(new FileInputStream("/dev/fd/3"), 1 << 16);
        OutputStream out = new FileOutputStream("/dev/fd/4");
        // Deep recursion is honest: the calls run on a stack of a size of their own.
        Thread calls = new Thread(null, () -> serve(in, out), "calls", 256L << 20);
        calls.start();
        calls.join();
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void serve(InputStream in, OutputStream out) {
        try {
            for (String line; (line = readLine(in)) != null; ) {
                out.write(answer(line).getBytes(StandardCharsets.ISO_8859_1));
                System.out.flush();
            }
        } catch (IOException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b; (b = in.read()) != '\n'; line.write(b)) {
            if (b < 0) return null;
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static String answer(String line) {
        Object id = null, nonce = null;
        String result;
        try {
            @SuppressWarnings("unchecked")
            Map<String, Object> m = (Map<String, Object>) new Reader(line).read();
            id = m.get("id");
            nonce = m.get("nonce");
            result = act(m);
        } catch (Refused e) {
            result = errorText(e.kind, List.of(e.kind), e.getMessage());
        } catch (Throwable e) {
            result = errorOf(e);
        }
        return "{\"id\":" + (id instanceof BigInteger ? id : "null") + ",\"nonce\":" + quote(String.valueOf(nonce)) + "," + result + "}\n";
    }

    @SuppressWarnings("unchecked")
    private static String act(Map<String, Object> m) throws Throwable {
        List<Object> args = (List<Object>) m.getOrDefault("args", List.of());
        if (args == null) args = List.of();
        String op = (String) m.getOrDefault("op", "call");
        boolean all = entry.equals("*");
        if (!op.equals("call") && !all) throw new Refused("error", "this program only answers calls");
        String name = m.get("entry") == null ? entry : (String) m.get("entry");
        Object[] given = null;
        Object value;
        switch (op) {
            case "call": {
                Call c = find(name, args);
                given = c.args;
                value = c.make();
                break;
            }
            case "names": {
                Map<String, Object> names = new TreeMap<>();
                for (Class<?> c : classes()) names.put(c.getName(), "class");
                value = names;
                break;
            }
            case "new": {
                Object made = construct(load(name), args);
                return "\"value\":{\"$o\":" + quote(made.getClass().getSimpleName()) + ",\"h\":" + keep(made) + "}";
            }
            case "method": {
                Object owner = handle(m.get("h"));
                Call c = match(owner.getClass(), owner, name, args);
                if (c == null) throw new Refused("NoSuchMethodError", "no such method for these arguments");
                given = c.args;
                value = c.make();
                break;
            }
            case "get": {
                Object owner = handle(m.get("h"));
                Field f = owner.getClass().getDeclaredField(name);
                f.setAccessible(true);
                value = f.get(owner);
                break;
            }
            default:
                throw new Refused("error", "an operation that this driver does not know");
        }
        String result = "\"value\":" + new Writer().write(value);
        if (Boolean.TRUE.equals(m.get("echo")) && given != null) result += ",\"args\":" + new Writer().write(given);
        return result;
    }

    private static List<Class<?>> classes() throws ClassNotFoundException {
        List<Class<?>> found = new ArrayList<>();
        for (String n : classNames) found.add(Class.forName(n));
        return found;
    }

    private static Class<?> load(String name) {
        for (String n : classNames) {
            if (n.equals(name) || n.endsWith("." + name)) {
                try {
                    return Class.forName(n);
                } catch (ClassNotFoundException e) {
                    break;
                }
            }
        }
        throw new Refused("ClassNotFoundException", "the class is not defined");
    }

    /** Finds Class.method, or method in Solution, Main, or any class of the program. */
    private static Call find(String name, List<Object> args) throws Throwable {
        int dot = name.lastIndexOf('.');
        List<Class<?>> owners = new ArrayList<>();
        if (dot > 0) {
            owners.add(load(name.substring(0, dot)));
            name = name.substring(dot + 1);
        } else {
            for (String first : new String[] {"Solution", "Main"}) if (classNames.contains(first)) owners.add(Class.forName(first));
            for (Class<?> c : classes()) if (!owners.contains(c)) owners.add(c);
        }
        for (Class<?> owner : owners) {
            Call c = match(owner, null, name, args);
            if (c != null) return c;
        }
        throw new Refused("NoSuchMethodError", "no such method for these arguments");
    }

    private static final class Call {
        Method method;
        Object owner;
        Object[] args;

        Object make() throws Throwable {
            try {
                if (owner == null && !Modifier.isStatic(method.getModifiers())) owner = construct(method.getDeclaringClass(), List.of());
                return method.invoke(owner, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    private static Call match(Class<?> c, Object owner, String name, List<Object> args) {
        for (Class<?> k = c; k != null && k != Object.class; k = k.getSuperclass()) {
            for (Method m : k.getDeclaredMethods()) {
                if (!m.getName().equals(name) || m.isBridge() || m.getParameterCount() != args.size()) continue;
                Object[] read = readAll(m.getGenericParameterTypes(), args);
                if (read == null) continue;
                m.setAccessible(true);
                Call call = new Call();
                call.method = m;
                call.owner = owner;
                call.args = read;
                return call;
            }
        }
        return null;
    }

    private static Object construct(Class<?> c, List<Object> args) throws Throwable {
        for (Constructor<?> k : c.getDeclaredConstructors()) {
            if (k.getParameterCount() != args.size()) continue;
            Object[] read = readAll(k.getGenericParameterTypes(), args);
            if (read == null) continue;
            k.setAccessible(true);
            try {
                return k.newInstance(read);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
        throw new Refused("InstantiationException", "no such constructor for these arguments");
    }

    private static Object[] readAll(Type[] types, List<Object> args) {
        Object[] read = new Object[args.size()];
        for (int i = 0; i < read.length; i++) {
            try {
                read[i] = fit(args.get(i), types[i]);
            } catch (Refused | ArithmeticException e) {
                return null;
            }
        }
        return read;
    }

    private static int keep(Object o) {
        Integer n = numbers.get(o);
        if (n == null) {
            handles.add(o);
            n = handles.size();
            numbers.put(o, n);
        }
        return n;
    }

    private static Object handle(Object h) {
        int n = h instanceof BigInteger ? ((BigInteger) h).intValue() : 0;
        if (n < 1 || n > handles.size()) throw new Refused("error", "no such object");
        return handles.get(n - 1);
    }

    /** Makes a decoded value into one of a parameter's type, or refuses. */
    private static Object fit(Object v, Type t) {
        if (v instanceof Map) {
            Map<?, ?> m = (Map<?, ?>) v;
            for (String k : new String[] {"$t", "$s", "$fs"}) if (m.size() == 1 && m.containsKey(k)) return fit(m.get(k), t);
            if (m.containsKey("$o") && m.containsKey("h")) return handle(m.get("h"));
            if (m.containsKey("$u")) return fit(null, t);
            if (m.containsKey("$f")) v = Double.valueOf(special((String) m.get("$f")));
            if (m.containsKey("$n")) v = new BigDecimal((String) m.get("$n"));
        }
        Class<?> c = raw(t);
        if (v == null) {
            if (c.isPrimitive()) throw new Refused("error", "null");
            return null;
        }
        if (c == Object.class) return plain(v);
        if (c == boolean.class || c == Boolean.class) return need(v, Boolean.class);
        if (c == String.class || c == CharSequence.class) return need(v, String.class);
        if (c == char.class || c == Character.class) {
            String s = need(v, String.class);
            if (s.length() != 1) throw new Refused("error", "not one character");
            return s.charAt(0);
        }
        if (v instanceof Number && (c.isPrimitive() || Number.class.isAssignableFrom(c))) return number(v, c);
        if (v instanceof List && c.isArray()) return array((List<?>) v, c, t);
        if (v instanceof String && c == char[].class) return ((String) v).toCharArray();
        if (v instanceof List && c.isAssignableFrom(ArrayList.class)) return collection(new ArrayList<>(), v, t);
        if (v instanceof List && c.isAssignableFrom(LinkedHashSet.class)) return collection(new LinkedHashSet<>(), v, t);
        if (v instanceof List && c.isAssignableFrom(ArrayDeque.class)) return collection(new ArrayDeque<>(), v, t);
        if (v instanceof List && c.isAssignableFrom(LinkedList.class)) return collection(new LinkedList<>(), v, t);
        if (v instanceof List && c.isAssignableFrom(TreeSet.class)) return collection(new TreeSet<>(), v, t);
        if (v instanceof List && c.isAssignableFrom(HashSet.class)) return collection(new HashSet<>(), v, t);
        if (v instanceof List && c.isAssignableFrom(PriorityQueue.class)) return collection(new PriorityQueue<>(), v, t);
        if (v instanceof Map && c.isAssignableFrom(LinkedHashMap.class)) return map(new LinkedHashMap<>(), (Map<?, ?>) v, t);
        if (v instanceof Map && c.isAssignableFrom(TreeMap.class)) return map(new TreeMap<>(), (Map<?, ?>) v, t);
        throw new Refused("error", "a value that does not fit");
    }

    private static String special(String s) {
        return s.equals("inf") ? "Infinity" : s.equals("-inf") ? "-Infinity" : "NaN";
    }

    private static <T> T need(Object v, Class<T> c) {
        if (!c.isInstance(v)) throw new Refused("error", "a value that does not fit");
        return c.cast(v);
    }

    private static Class<?> raw(Type t) {
        if (t instanceof Class) return (Class<?>) t;
        if (t instanceof ParameterizedType) return (Class<?>) ((ParameterizedType) t).getRawType();
        if (t instanceof GenericArrayType) return Array.newInstance(raw(((GenericArrayType) t).getGenericComponentType()), 0).getClass();
        if (t instanceof WildcardType) return raw(((WildcardType) t).getUpperBounds()[0]);
        if (t instanceof TypeVariable) return raw(((TypeVariable<?>) t).getBounds()[0]);
        return Object.class;
    }

    private static Object number(Object v, Class<?> c) {
        BigDecimal d = v instanceof BigInteger ? new BigDecimal((BigInteger) v) : null;
        if (c == double.class || c == Double.class) return ((Number) v).doubleValue();
        if (c == float.class || c == Float.class) return ((Number) v).floatValue();
        if (c == BigDecimal.class) return d != null ? d : new BigDecimal(v.toString());
        if (d == null) {
            double x = ((Number) v).doubleValue();
            if (x != Math.rint(x) || Double.isInfinite(x)) throw new Refused("error", "not a whole number");
            d = new BigDecimal(x);
        }
        if (c == int.class || c == Integer.class) return d.intValueExact();
        if (c == long.class || c == Long.class || c == Number.class) return d.longValueExact();
        if (c == short.class || c == Short.class) return d.shortValueExact();
        if (c == byte.class || c == Byte.class) return d.byteValueExact();
        if (c == BigInteger.class) return d.toBigIntegerExact();
        throw new Refused("error", "a value that does not fit");
    }

    private static Object array(List<?> v, Class<?> c, Type t) {
        Class<?> of = c.getComponentType();
        Type element = t instanceof GenericArrayType ? ((GenericArrayType) t).getGenericComponentType() : of;
        Object made = Array.newInstance(of, v.size());
        for (int i = 0; i < v.size(); i++) Array.set(made, i, fit(v.get(i), element));
        return made;
    }

    private static Type parameter(Type t, int i) {
        return t instanceof ParameterizedType ? ((ParameterizedType) t).getActualTypeArguments()[i] : Object.class;
    }

    private static Object collection(Collection<Object> made, Object v, Type t) {
        for (Object e : (List<?>) v) made.add(fit(e, parameter(t, 0)));
        return made;
    }

    private static Object map(Map<Object, Object> made, Map<?, ?> v, Type t) {
        if (v.size() == 1 && v.get("$d") instanceof List) {
            for (Object p : (List<?>) v.get("$d")) made.put(fit(((List<?>) p).get(0), parameter(t, 0)), fit(((List<?>) p).get(1), parameter(t, 1)));
            return made;
        }
        for (Map.Entry<?, ?> e : v.entrySet()) {
            Object k = e.getKey();
            Class<?> want = raw(parameter(t, 0));
            // JSON's keys are text, where a program's may be numbers.
            if (Number.class.isAssignableFrom(want)) k = number(new BigInteger((String) k), want);
            else k = fit(k, parameter(t, 0));
            made.put(k, fit(e.getValue(), parameter(t, 1)));
        }
        return made;
    }

    private static Object plain(Object v) {
        if (v instanceof BigInteger) {
            BigInteger i = (BigInteger) v;
            return i.bitLength() < 32 ? (Object) i.intValue() : i.bitLength() < 64 ? (Object) i.longValue() : i;
        }
        if (v instanceof List) {
            List<Object> made = new ArrayList<>();
            for (Object e : (List<?>) v) made.add(plain(e));
            return made;
        }
        return v;
    }

    private static final class Refused extends RuntimeException {
        final String kind;

        Refused(String kind, String message) {
            super(message, null, false, false);
            this.kind = kind;
        }
    }

    private static String errorOf(Throwable e) {
        List<String> bases = new ArrayList<>();
        for (Class<?> c = e.getClass(); c != Object.class && bases.size() < 20; c = c.getSuperclass()) bases.add(c.getSimpleName());
        String message = "";
        try {
            message = String.valueOf(e.getMessage());
        } catch (Throwable hostile) {
            message = "";
        }
        return errorText(bases.get(0), bases, message);
    }

    private static String errorText(String kind, List<String> bases, String message) {
        StringBuilder b = new StringBuilder("\"error\":{\"type\":" + quote(kind) + ",\"bases\":[");
        for (int i = 0; i < bases.size(); i++) b.append(i > 0 ? "," : "").append(quote(bases.get(i)));
        return b + "],\"message\":" + quote(message.substring(0, Math.min(message.length(), 2000))) + "}";
    }

    private static String quote(String s) {
        StringBuilder b = new StringBuilder(s.length() + 2).append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\') b.append('\\').append(c);
            else if (c >= 32 && c < 127) b.append(c);
            else b.append(String.format("\\u%04x", (int) c));
        }
        return b.append('"').toString();
    }

    /** Writes values as package wire has them; only types of the platform are data. */
    private static final class Writer {
        private final StringBuilder out = new StringBuilder();
        private final IdentityHashMap<Object, Object> open = new IdentityHashMap<>();

        String write(Object v) {
            try {
                value(v, 0);
            } catch (StackOverflowError e) {
                return "{\"$x\":\"deep\"}";
            }
            return out.length() > limit ? "{\"$x\":\"long\"}" : out.toString();
        }

        private void value(Object v, int depth) {
            if (out.length() > limit) return;
            if (v == null || v instanceof Boolean) out.append(v);
            else if (v instanceof Integer || v instanceof Long || v instanceof Short || v instanceof Byte || v.getClass() == BigInteger.class) out.append(v);
            else if (v instanceof Float || v instanceof Double) real(((Number) v).doubleValue(), v.toString());
            else if (v instanceof String || v instanceof Character) text(v.toString());
            else if (v.getClass() == BigDecimal.class) out.append("{\"$n\":").append(quote(v.toString())).append(",\"k\":\"Decimal\"}");
            else if (depth >= DEPTH) out.append("{\"$x\":\"deep\"}");
            else if (open.containsKey(v)) out.append("{\"$x\":\"cyclic\"}");
            else {
                open.put(v, v);
                container(v, depth + 1);
                open.remove(v);
            }
        }

        private void text(String s) {
            if (s.length() > limit) out.setLength(limit + 1);
            else out.append(quote(s));
        }

        private void real(double d, String text) {
            if (Double.isNaN(d)) out.append("{\"$f\":\"nan\"}");
            else if (Double.isInfinite(d)) out.append(d > 0 ? "{\"$f\":\"inf\"}" : "{\"$f\":\"-inf\"}");
            else out.append(text);
        }

        private static boolean ofPlatform(Object v) {
            return v.getClass().getClassLoader() == null;
        }

        private void container(Object v, int depth) {
            if (v.getClass().isArray()) {
                out.append('[');
                for (int i = 0, n = Array.getLength(v); i < n && out.length() <= limit; i++) {
                    if (i > 0) out.append(',');
                    value(Array.get(v, i), depth);
                }
                out.append(']');
            } else if (v instanceof Set && ofPlatform(v)) members("{\"$s\":[", (Collection<?>) v, "]}", depth);
            else if (v instanceof Collection && ofPlatform(v)) members("[", (Collection<?>) v, "]", depth);
            else if (v instanceof Map && ofPlatform(v)) map((Map<?, ?>) v, depth);
            else if (v instanceof Optional) value(((Optional<?>) v).orElse(null), depth);
            else out.append("{\"$o\":").append(quote(v.getClass().getSimpleName())).append(entry.equals("*") ? ",\"h\":" + keep(v) : "").append('}');
        }

        private void members(String start, Collection<?> members, String end, int depth) {
            out.append(start);
            boolean first = true;
            for (Object e : members) {
                if (!first) out.append(',');
                first = false;
                value(e, depth);
                if (out.length() > limit) break;
            }
            out.append(end);
        }

        private void map(Map<?, ?> m, int depth) {
            boolean plain = true;
            for (Object k : m.keySet()) if (!(k instanceof String) || ((String) k).startsWith("$")) plain = false;
            out.append(plain ? "{" : "{\"$d\":[");
            boolean first = true;
            for (Map.Entry<?, ?> e : m.entrySet()) {
                if (!first) out.append(',');
                first = false;
                if (!plain) out.append('[');
                value(e.getKey(), depth);
                out.append(plain ? ':' : ',');
                value(e.getValue(), depth);
                if (!plain) out.append(']');
                if (out.length() > limit) break;
            }
            out.append(plain ? "}" : "]}");
        }
    }

    /** Reads JSON: whole numbers as BigInteger, others as Double. */
    private static final class Reader {
        private final String s;
        private int at;

        Reader(String s) {
            this.s = s;
        }

        Object read() {
            space();
            char c = s.charAt(at);
            switch (c) {
                case '{': return object();
                case '[': return list();
                case '"': return string();
                case 't': at += 4; return true;
                case 'f': at += 5; return false;
                case 'n': at += 4; return null;
                default: return number();
            }
        }

        private void space() {
            while (at < s.length() && s.charAt(at) <= ' ') at++;
        }

        private boolean next(char end) {
            space();
            char c = s.charAt(at++);
            if (c == end) return false;
            if (c != ',') throw new Refused("error", "a line that is not JSON");
            return true;
        }

        private Map<String, Object> object() {
            Map<String, Object> m = new LinkedHashMap<>();
            at++;
            space();
            if (s.charAt(at) == '}') {
                at++;
                return m;
            }
            do {
                space();
                String k = string();
                space();
                at++;
                m.put(k, read());
            } while (next('}'));
            return m;
        }

        private List<Object> list() {
            List<Object> l = new ArrayList<>();
            at++;
            space();
            if (s.charAt(at) == ']') {
                at++;
                return l;
            }
            do l.add(read()); while (next(']'));
            return l;
        }

        private String string() {
            StringBuilder b = new StringBuilder();
            for (at++; s.charAt(at) != '"'; at++) {
                char c = s.charAt(at);
                if (c == '\\') {
                    c = s.charAt(++at);
                    switch (c) {
                        case 'n': c = '\n'; break;
                        case 't': c = '\t'; break;
                        case 'r': c = '\r'; break;
                        case 'b': c = '\b'; break;
                        case 'f': c = '\f'; break;
                        case 'u': c = (char) Integer.parseInt(s.substring(at + 1, at + 5), 16); at += 4; break;
                        default: break;
                    }
                }
                b.append(c);
            }
            at++;
            return b.toString();
        }

        private Object number() {
            int start = at;
            while (at < s.length() && "+-.eE0123456789".indexOf(s.charAt(at)) >= 0) at++;
            String n = s.substring(start, at);
            if (n.indexOf('.') >= 0 || n.indexOf('e') >= 0 || n.indexOf('E') >= 0) return Double.valueOf(n);
            return new BigInteger(n);
        }
    }
}
