"""Declarations of a folder of C or C++, by libclang.

Prints file, line of the name, kind and name with tabs between, and for each file that it parsed
without an error one line of kind `file`. A compiler sees one side of each `#if`: lines of the other
one are printed as `skipped`, first and last. What is `ignored` may be a declaration or none.
Run as `python3 libclang.py LANGUAGE [OPTION…] DIR`, where LANGUAGE is `c` or `cpp`, and options are
those of clang that the folder needs, such as `-DOS_LINUX`.
"""

import functools
import multiprocessing
import os
import subprocess
import sys
from ctypes import POINTER, Structure, c_uint

try:
    from clang import cindex
    from clang.cindex import Config, CursorKind, Index, TranslationUnit
except ImportError:
    sys.exit("the package libclang is not there; `cargo xtask setup oracles` installs it")

ENDINGS = {
    "c": (".c", ".h"),
    "cpp": (".cc", ".cpp", ".cxx", ".c++", ".h", ".hh", ".hpp", ".hxx", ".h++", ".ipp", ".tpp"),
}
HEADERS = (".h", ".hh", ".hpp", ".hxx", ".h++")
OPTIONS = {"c": ["-x", "c", "-std=gnu17"], "cpp": ["-x", "c++", "-std=gnu++20"]}
FUNCTIONS = {
    CursorKind.FUNCTION_DECL,
    CursorKind.CXX_METHOD,
    CursorKind.CONSTRUCTOR,
    CursorKind.DESTRUCTOR,
    CursorKind.CONVERSION_FUNCTION,
    CursorKind.FUNCTION_TEMPLATE,
}
NAMING = {CursorKind.FIELD_DECL, CursorKind.TYPEDEF_DECL, CursorKind.VAR_DECL}
TYPES = {
    CursorKind.STRUCT_DECL,
    CursorKind.UNION_DECL,
    CursorKind.ENUM_DECL,
    CursorKind.CLASS_DECL,
    CursorKind.CLASS_TEMPLATE,
    CursorKind.CLASS_TEMPLATE_PARTIAL_SPECIALIZATION,
}


class RangeList(Structure):
    """A list of ranges, as the library has it."""

    _fields_ = [("count", c_uint), ("ranges", POINTER(cindex.SourceRange))]


def skipped_lines(unit, path):
    """First and last line of each part of a file that a condition leaves out."""
    library = Config().lib
    library.clang_getSkippedRanges.argtypes = [TranslationUnit, cindex.File]
    library.clang_getSkippedRanges.restype = POINTER(RangeList)
    library.clang_disposeSourceRangeList.argtypes = [POINTER(RangeList)]
    found = library.clang_getSkippedRanges(unit, unit.get_file(path))
    if not found:
        return []
    listed = found.contents
    lines = [(listed.ranges[at].start.line, listed.ranges[at].end.line) for at in range(listed.count)]
    library.clang_disposeSourceRangeList(found)
    return lines


def system_folders(language):
    """Where the compiler of the system has its headers: the package has none of its own."""
    words = ["cc", "-E", "-v", "-x", "c++" if language == "cpp" else "c", os.devnull]
    try:
        shown = subprocess.run(words, capture_output=True, text=True, check=False).stderr
    except FileNotFoundError:
        sys.exit("cc is not there, whose headers libclang reads; on Debian the package g++ has it")
    inside = shown.partition("search starts here:\n#include <...>")[2] or shown
    lines = inside.partition("End of search list")[0].splitlines()
    return [line.strip() for line in lines if line.startswith(" /")]


def source_files(root, language):
    """The files of a language below a folder, and the folders that headers may be asked from."""
    files, folders = [], [root]
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        files += [os.path.join(folder, name) for name in sorted(names) if name.endswith(ENDINGS[language])]
        if os.path.basename(folder) == "include" or any(name.endswith(HEADERS) for name in names):
            folders.append(folder)
    return [path for path in files if os.path.isfile(path) and not os.path.islink(path)], folders


def name_of(cursor):
    """The name without the arguments of a template."""
    name = cursor.spelling
    if not name.startswith("operator"):
        name = name.partition("<")[0]
    return name


def is_written(text, offset, name):
    """Whether a name stands at a place, and does not come out of a macro there."""
    written = b"operator" if name.startswith("operator") else name.encode()
    behind = text[offset + len(written) : offset + len(written) + 1]
    return text.startswith(written, offset) and not (behind.isalnum() or behind == b"_")


def declarations(unit, path, text):
    """Line, kind and name of what a file declares."""
    todo = [child for child in unit.cursor.get_children() if is_in(child, path)]
    while todo:
        cursor = todo.pop()
        todo.extend(cursor.get_children())
        kind = "function" if cursor.kind in FUNCTIONS else "type" if cursor.kind in TYPES else None
        if cursor.kind in NAMING:
            # The structure in `typedef struct { … } name;`, `struct { … } name;` has no name; an index may
            # give it this one.
            kind = "ignored"
        if kind is None or not is_in(cursor, path):
            continue
        name = name_of(cursor)
        # `struct s;` says that there is one, and so may each mention of it.
        if kind == "type" and not cursor.is_definition():
            kind = "ignored"
        if name and is_written(text, cursor.location.offset, name):
            yield cursor.location.line, kind, name


def is_in(cursor, path):
    """Whether a cursor stands in a file itself."""
    file = cursor.location.file
    return file is not None and real_path(file.name) == path


@functools.cache
def real_path(path):
    """A path without links and detours; asked once for each, since there are many cursors."""
    return os.path.realpath(path)


def read(job):
    """What to print about some files that one file is or includes, and what it includes.

    Nothing where there is an error.
    """
    root, main, wanted, arguments = job
    options = TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
    try:
        unit = Index.create().parse(main, args=arguments, options=options)
    except cindex.TranslationUnitLoadError:
        return [], []
    if any(diagnostic.severity >= cindex.Diagnostic.Error for diagnostic in unit.diagnostics):
        return [], []
    names = {real_path(include.include.name): include.include.name for include in unit.get_includes()}
    lines = []
    for path in wanted:
        shown = os.path.relpath(path, root)
        with open(path, "rb") as file:
            text = file.read()
        lines.append((shown, 1, "file", shown))
        skipped = skipped_lines(unit, names.get(path, path))
        lines += [(shown, first, "skipped", last) for first, last in skipped]
        lines += [(shown, *declared) for declared in declarations(unit, path, text)]
    return ["\t".join(map(str, line)) for line in lines], sorted(names)


def main():
    language, given, root = sys.argv[1], sys.argv[2:-1], os.path.realpath(sys.argv[-1])
    files, folders = source_files(root, language)
    arguments = OPTIONS[language] + ["-Wno-everything", "-ferror-limit=1"] + given
    arguments += [word for folder in system_folders(language) for word in ("-isystem", folder)]
    # Behind those of the system, of whose headers a repository may have some for other systems.
    arguments += [word for folder in folders for word in ("-idirafter", folder)]
    with multiprocessing.Pool() as pool:
        jobs = [(root, path, [path], arguments) for path in files]
        unread, includers = set(), {}
        for path, (lines, included) in zip(files, pool.imap(read, jobs, chunksize=4)):
            for header in included:
                includers.setdefault(header, path)
            if lines:
                print("\n".join(lines))
            else:
                unread.add(path)
        # A header that does not stand alone is read as part of the first file that includes it.
        wanted = {}
        for header in sorted(unread & includers.keys()):
            wanted.setdefault(includers[header], []).append(header)
        jobs = [(root, path, headers, arguments) for path, headers in wanted.items()]
        for lines, _ in pool.imap(read, jobs):
            print("\n".join(lines))


if __name__ == "__main__":
    main()
