// Declarations of a folder of Java, by the tree of the compiler.
//
// Prints file, line of the name, kind and name with tabs between, and for each file that it could parse
// one line of kind `file`. Run as `java java.java DIR`; only the public tree of the compiler is used, so
// the name of a declaration is looked for where its tree says that it must stand.

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

class Oracle {
    public static void main(String[] words) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            System.err.println("this Java has no compiler; `cargo xtask setup java` installs one that has");
            System.exit(1);
        }
        Path root = Path.of(words[0]);
        // The compiler wraps what it is given, so that only addresses tell whose a tree is.
        Map<URI, Source> sources = new LinkedHashMap<>();
        for (Path path : sources(root)) {
            Source source = new Source(sources.size(), root.relativize(path), Files.readAllBytes(path));
            sources.put(source.toUri(), source);
        }
        if (sources.isEmpty()) {
            return;
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-Xmaxerrs", "1000000");
        JavacTask task =
                (JavacTask) compiler.getTask(null, null, diagnostics, options, null, sources.values());
        List<CompilationUnitTree> units = new ArrayList<>();
        task.parse().forEach(units::add);
        Set<URI> broken = new HashSet<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR && diagnostic.getSource() != null) {
                broken.add(diagnostic.getSource().toUri());
            }
        }
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        for (CompilationUnitTree unit : units) {
            Source source = sources.get(unit.getSourceFile().toUri());
            if (source != null && !broken.contains(source.toUri())) {
                out.println(source.shown + "\t1\tfile\t" + source.shown);
                new Printer(unit, source, positions, out).scan(unit, null);
            }
        }
        out.flush();
    }

    /** The files of Java below a folder; hidden folders are left out. */
    private static List<Path> sources(Path root) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean isHidden = !folder.equals(root) && folder.getFileName().toString().startsWith(".");
                return isHidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && file.toString().endsWith(".java")) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        Collections.sort(found);
        return found;
    }

    /** A file that was read, whatever its name says about the classes in it. */
    private static final class Source extends SimpleJavaFileObject {
        final String shown;
        final String text;

        Source(int index, Path path, byte[] bytes) {
            super(URI.create("oracle:///" + index + ".java"), Kind.SOURCE);
            this.shown = path.toString().replace('\\', '/');
            this.text = new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreErrors) {
            return text;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return true;
        }
    }

    private static final class Printer extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final Source source;
        private final SourcePositions positions;
        private final PrintStream out;
        /** The names of the classes around, the innermost first. */
        private final ArrayDeque<String> classes = new ArrayDeque<>();

        Printer(CompilationUnitTree unit, Source source, SourcePositions positions, PrintStream out) {
            this.unit = unit;
            this.source = source;
            this.positions = positions;
            this.out = out;
        }

        @Override
        public Void visitClass(ClassTree node, Void nothing) {
            String name = node.getSimpleName().toString();
            // A class without a name is printed where it is made.
            if (!name.isEmpty()) {
                // `class`, `interface`, `enum` or `record` stands in between.
                int keyword = skip(headEnd(node, node.getModifiers()));
                print(find(wordEnd(keyword), name), "type", name);
            }
            classes.push(name);
            super.visitClass(node, nothing);
            classes.pop();
            return nothing;
        }

        @Override
        public Void visitMethod(MethodTree node, Void nothing) {
            String name = node.getName().toString();
            boolean isConstructor = name.equals("<init>");
            String written = isConstructor ? classes.peek() : name;
            int head = headEnd(node, node.getModifiers());
            int from = head;
            List<? extends Tree> parameters = node.getTypeParameters();
            if (node.getReturnType() != null) {
                from = end(node.getReturnType());
            } else if (!parameters.isEmpty()) {
                from = end(parameters.get(parameters.size() - 1));
            }
            int at = skip(from);
            // The result of `int f()[]` ends behind the name.
            print(source.text.startsWith(written, at) ? at : find(head, written), "function", name);
            return super.visitMethod(node, nothing);
        }

        @Override
        public Void visitNewClass(NewClassTree node, Void nothing) {
            ClassTree body = node.getClassBody();
            // What a variant adds to its enumeration is no class that is made.
            if (body != null && body.getKind() != Tree.Kind.ENUM) {
                print((int) positions.getStartPosition(unit, node.getIdentifier()), "type", "<anonymous>");
            }
            return super.visitNewClass(node, nothing);
        }

        /** Where the words in front of a declaration end. */
        private int headEnd(Tree node, ModifiersTree modifiers) {
            int end = end(modifiers);
            return end >= 0 ? end : (int) positions.getStartPosition(unit, node);
        }

        private int end(Tree tree) {
            return (int) positions.getEndPosition(unit, tree);
        }

        /** The first place from `at` on where a name may start: behind white space and comments. */
        private int skip(int at) {
            String text = source.text;
            while (at < text.length() && !Character.isJavaIdentifierStart(text.charAt(at))) {
                if (text.startsWith("//", at)) {
                    at = text.indexOf('\n', at);
                } else if (text.startsWith("/*", at)) {
                    at = text.indexOf("*/", at + 2) + 1;
                }
                at += 1;
            }
            return at;
        }

        private int wordEnd(int at) {
            while (at < source.text.length() && Character.isJavaIdentifierPart(source.text.charAt(at))) {
                at += 1;
            }
            return at;
        }

        /** Where a name stands as a whole word, from `at` on. */
        private int find(int at, String name) {
            int start = skip(at);
            while (start < source.text.length()) {
                int end = wordEnd(start);
                if (source.text.substring(start, end).equals(name)) {
                    return start;
                }
                start = skip(end);
            }
            throw new IllegalStateException(source.shown + " declares " + name + " nowhere");
        }

        private void print(int at, String kind, String name) {
            long line = unit.getLineMap().getLineNumber(at);
            out.println(source.shown + "\t" + line + "\t" + kind + "\t" + name);
        }
    }
}
